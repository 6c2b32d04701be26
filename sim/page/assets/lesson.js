// A lesson beside the model: its worksheet to fill in, its role sheets, and, if the page was made with them, the teacher's sheets.
import {fill, h} from "./dom.js";
import {drawOn} from "./draw.js";
import {language, t} from "./text.js";

const WIDE = "(min-width: 75rem)";
/** What goes to paper, by name: the page with what is open or written, or these sheets alone and whole. */
const PAGE = "page", ALONE = {sheet: ["pupil"], sheets: ["pupil"], roles: ["roles"], teacher: ["teacher", "figures"]};

/** What pupils write stays here while the page is open, also when the language changes. */
export class Lessons {
  constructor(lessons) {
    Object.assign(this, {lessons, at: 0, open: window.matchMedia(WIDE).matches, written: new Map(), unfolded: new Set(), opened: [], wanted: PAGE, paper: h("div", {id: "lesson-paper"})});
    window.addEventListener("beforeprint", () => this.lay());
    window.addEventListener("afterprint", () => { for (const box of this.opened.splice(0)) box.open = false; fill(this.paper); });
  }

  /** Lay out what is printed beside the page, or in its place: what was written in other lessons, or sheets that are asked for. */
  lay() {
    const alone = ALONE[this.wanted], shown = this.lessons[this.at];
    document.body.classList.toggle("alone", Boolean(alone));
    if (alone) return fill(this.paper, this.lessons.filter((one) => one === shown || this.wanted === "sheets").map((one) => this.sheet(one, alone, () => true)));
    this.unfold();
    fill(this.paper, this.lessons.filter((one) => one !== shown).map((one) => this.sheet(one, ["pupil", "roles"], (name) => this.holds(name))));
  }

  /** Whether something was written in a part of a sheet, or drawn. */
  holds(name) { return [...this.written].some(([key, value]) => key.startsWith(`${name}.`) && (Array.isArray(value) ? value.length : value)); }

  /** The parts of some sheets of a lesson for which prints(name) holds, without folds; null if there are none. */
  sheet(lesson, kinds, prints) {
    const {title, sheets} = lesson[language()];
    const parts = kinds.flatMap((kind) => sheets[kind].map(([heading, text], k) => [`${lesson.name}.${kind}.${k}`, heading, text, kind])).filter(([name]) => prints(name));
    return parts.length ? h("section", {}, h("h2", {}, title), kinds.includes("pupil") ? h("p", {class: "name"}, t("lesson.name")) : null,
      parts.map(([name, heading, text, kind]) => h("section", {class: kind}, heading ? h("h3", {}, heading) : null, this.content(name, text)))) : null;
  }

  /** The choice of what goes to paper, and the button that prints. */
  papers() {
    const names = [PAGE, ...Object.keys(ALONE)].filter((name) => (name !== "sheets" || this.lessons.length > 1) && (name !== "teacher" || this.lessons[this.at][language()].sheets.teacher));
    const choice = h("select", {id: "lesson-print"}, names.map((name) => h("option", {value: name}, t(`lesson.print.${name}`))));
    choice.value = this.wanted;
    choice.addEventListener("change", () => { this.wanted = choice.value; });
    return h("p", {class: "buttons"}, h("label", {for: "lesson-print"}, t("lesson.paper")), choice, h("button", {type: "button", class: "small", onclick: () => window.print()}, t("file.print")));
  }

  /** Open what is folded over something that was written, so that it is printed. */
  unfold() {
    const filled = [...document.querySelectorAll("#lesson .blank, #lesson .drawing")].filter((field) => field.checked || field.nextElementSibling?.matches(".on-paper:not(:empty)") || field.querySelector("polyline"));
    for (const field of filled) for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) if (!box.open) { box.open = true; this.opened.push(box); }
  }

  /** The section, in the language that is spoken; null without lessons. */
  part(lang, redraw) {
    if (!this.lessons.length) return null;
    const lesson = this.lessons[this.at], {title, sheets} = lesson[lang];
    const choice = this.lessons.length < 2 ? null : h("select", {id: "lesson-choice", "aria-label": t("lesson.choose")}, this.lessons.map((one, k) => h("option", {value: k}, one[lang].title)));
    if (choice) {
      choice.value = this.at;
      choice.addEventListener("change", () => { this.at = +choice.value; redraw("lesson-choice"); });
    }
    const folds = (sheet) => sheets[sheet].map(([heading, text], k) => this.fold(`${lesson.name}.${sheet}.${k}`, heading, text));
    const box = h("details", {id: "lesson-box", open: this.open}, h("summary", {}, h("span", {class: "kind"}, t("lesson.title")), " ", title), choice, h("p", {class: "help"}, t("lesson.help")), this.papers(),
      h("section", {}, h("h2", {}, t("lesson.worksheet")), folds("pupil")), h("section", {}, h("h2", {}, t("lesson.roles")), h("p", {class: "help"}, t("lesson.roles_help")), folds("roles")),
      sheets.teacher ? this.group("teacher", [h("p", {class: "help"}, t("lesson.teacher_help")), folds("teacher"), h("h3", {}, t("lesson.figures")), folds("figures")]) : null);
    box.addEventListener("toggle", () => { this.open = box.open; document.body.classList.toggle("taught", box.open); });
    document.body.classList.toggle("taught", box.open);
    return [box, this.paper];
  }

  group(name, inside) {
    const box = h("details", {id: `lesson-${name}`, class: "teacher", open: this.unfolded.has(name)}, h("summary", {}, t(`lesson.${name}`)), inside);
    return this.remember(box, name);
  }

  /** One part of a sheet, folded. */
  fold(name, heading, text) {
    const inside = this.content(name, text);
    return heading ? this.remember(h("details", {open: this.unfolded.has(name)}, h("summary", {}, heading), inside), name) : inside;
  }

  /** What a part of a sheet holds. Its HTML comes from the lessons of the package, not from a file of somebody's. */
  content(name, text) {
    const inside = h("div", {class: "sheet"});
    inside.innerHTML = text;
    [...inside.querySelectorAll(".blank")].forEach((field, k) => this.field(field, `${name}.${k}`));
    if (name.includes(".pupil.")) [...inside.querySelectorAll("img")].forEach((picture, k) => this.sketch(picture, `${name}.drawn.${k}`));
    return inside;
  }

  remember(box, name) {
    box.addEventListener("toggle", () => { if (box.open) this.unfolded.add(name); else this.unfolded.delete(name); });
    return box;
  }

  field(field, name) {
    const row = field.closest("tr"), column = row && field.closest("table").querySelectorAll("thead th")[[...row.children].indexOf(field.closest("td"))];
    const before = row ? [row.children[0].textContent, column?.textContent].filter((text) => text?.trim()).join(", ") : "";
    const what = field.type === "checkbox" ? "checked" : "value";
    field.setAttribute("aria-label", before || (field.type === "checkbox" ? field.nextSibling?.textContent.trim() : "") || t("lesson.answer"));
    if (this.written.has(name)) field[what] = this.written.get(name);
    field.addEventListener("input", () => this.written.set(name, field[what]));
    if (what === "value") this.onPaper(field);
  }

  /** What is written as plain text beside its field, in whose place it is printed: a field would cut it off. */
  onPaper(field) {
    const text = h("span", {class: "on-paper", "aria-hidden": "true"}), tell = () => { text.textContent = field.value; };
    field.after(text);
    field.addEventListener("input", tell);
    tell();
  }

  sketch(picture, name) {
    if (!this.written.has(name)) this.written.set(name, []);
    drawOn(picture, this.written.get(name));
  }
}
