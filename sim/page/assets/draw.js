// A picture to draw on with a finger, a pen or the mouse.
import {h, SVG} from "./dom.js";
import {t} from "./text.js";

/** Width and height in which lines are kept, whatever size the picture has on the screen. */
const SURFACE = [1000, 600];

/** Put a surface over a picture; `lines`, each a list of points, are shown, and what is drawn is added to them. */
export function drawOn(picture, lines) {
  const surface = document.createElementNS(SVG, "svg");
  const wipe = h("button", {type: "button", class: "small", onclick: () => { lines.length = 0; surface.replaceChildren(); wipe.hidden = true; }}, t("lesson.wipe"));
  const attributes = {class: "drawing", viewBox: `0 0 ${SURFACE.join(" ")}`, preserveAspectRatio: "none", "aria-hidden": "true"};
  for (const [name, value] of Object.entries(attributes)) surface.setAttribute(name, value);
  wipe.hidden = !lines.length;
  lines.forEach((line) => stroke(surface, line));
  let line = null, drawn = null;
  surface.addEventListener("pointerdown", (event) => {
    surface.setPointerCapture(event.pointerId);
    line = [pointOf(event, surface)];
    drawn = stroke(surface, line);
  });
  surface.addEventListener("pointermove", (event) => {
    if (!line) return;
    line.push(pointOf(event, surface));
    drawn.setAttribute("points", line.join(" "));
  });
  surface.addEventListener("pointerup", () => {
    if (line) lines.push(line);
    line = null;
    wipe.hidden = !lines.length;
  });
  surface.addEventListener("pointercancel", () => {
    if (line) drawn.remove();
    line = null;
  });
  const dialog = h("dialog", {class: "sketch", "aria-label": t("lesson.draw")}), small = h("div", {});
  const larger = h("button", {type: "button", class: "small", onclick: () => (dialog.open ? dialog.close() : enlarge())}, t("lesson.larger"));
  const parts = [h("div", {class: "canvas"}, picture.cloneNode(), surface), h("p", {class: "help"}, t("lesson.draw"), " ", larger, " ", wipe)];
  function enlarge() {
    dialog.append(...parts);
    larger.textContent = t("lesson.done");
    dialog.showModal();
  }
  dialog.addEventListener("close", () => {
    small.prepend(...parts);
    larger.textContent = t("lesson.larger");
    larger.focus();
  });
  small.append(...parts, dialog);
  (picture.closest("p") ?? picture).replaceWith(small); // a paragraph holds no other blocks
}

function stroke(surface, line) {
  const drawn = document.createElementNS(SVG, "polyline");
  drawn.setAttribute("points", line.join(" "));
  surface.append(drawn);
  return drawn;
}

function pointOf({clientX, clientY}, surface) {
  const {left, top, width, height} = surface.getBoundingClientRect();
  return [((clientX - left) / width) * SURFACE[0], ((clientY - top) / height) * SURFACE[1]].map(Math.round);
}
