// Drawing takes time: what is in sight is drawn at once, the rest when it comes into sight or the page has time.

const insight = new Set(), late = new Map();
const sight = new IntersectionObserver((entries) => entries.forEach(({target, isIntersecting}) => {
  if (!isIntersecting) return insight.delete(target);
  insight.add(target);
  late.get(target)?.();
  late.delete(target);
}), {rootMargin: "200px"});
window.addEventListener("beforeprint", paintLate);

/** Fill an element by calling `make`, now or later. */
export function paint(host, make) {
  if (insight.has(host)) { late.delete(host); make(); }
  else late.set(host, make);
}

/** Fill what still waits. */
export function paintLate() {
  for (const [host, make] of late) if (host.isConnected) make();
  late.clear();
}

/** Watch the elements that the page now has. */
export function watch() {
  sight.disconnect();
  insight.clear();
  late.clear();
  for (const host of document.querySelectorAll("[data-late]")) sight.observe(host);
}
