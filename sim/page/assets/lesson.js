// A lesson beside the model: its worksheet to fill in, its role sheets, and, if the page was made with them, the teacher's sheets.
import {h} from "./dom.js";
import {drawOn} from "./draw.js";
import {t} from "./text.js";

const WIDE = "(min-width: 75rem)";

/** What pupils write stays here while the page is open, also when the language changes. */
export class Lessons {
  constructor(lessons) {
    Object.assign(this, {lessons, at: 0, open: window.matchMedia(WIDE).matches, written: new Map(), unfolded: new Set(), opened: []});
    window.addEventListener("beforeprint", () => this.unfold());
    window.addEventListener("afterprint", () => { for (const box of this.opened.splice(0)) box.open = false; });
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
    const box = h("details", {id: "lesson-box", open: this.open}, h("summary", {}, h("span", {class: "kind"}, t("lesson.title")), " ", title), choice, h("p", {class: "help"}, t("lesson.help")),
      h("h2", {}, t("lesson.worksheet")), folds("pupil"), h("h2", {}, t("lesson.roles")), h("p", {class: "help"}, t("lesson.roles_help")), folds("roles"),
      sheets.teacher ? this.group("teacher", [h("p", {class: "help"}, t("lesson.teacher_help")), folds("teacher"), h("h3", {}, t("lesson.figures")), folds("figures")]) : null);
    box.addEventListener("toggle", () => { this.open = box.open; document.body.classList.toggle("taught", box.open); });
    document.body.classList.toggle("taught", box.open);
    return box;
  }

  group(name, inside) {
    const box = h("details", {id: `lesson-${name}`, class: "teacher", open: this.unfolded.has(name)}, h("summary", {}, t(`lesson.${name}`)), inside);
    return this.remember(box, name);
  }

  /** One part of a sheet. Its HTML comes from the lessons of the package, not from a file of somebody's. */
  fold(name, heading, text) {
    const inside = h("div", {class: "sheet"});
    inside.innerHTML = text;
    [...inside.querySelectorAll(".blank")].forEach((field, k) => this.field(field, `${name}.${k}`));
    if (name.includes(".pupil.")) [...inside.querySelectorAll("img")].forEach((picture, k) => this.sketch(picture, `${name}.drawn.${k}`));
    return heading ? this.remember(h("details", {open: this.unfolded.has(name)}, h("summary", {}, heading), inside), name) : inside;
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
