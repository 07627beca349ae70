// What runs inside of a page. Each function stands by itself: it is sent to the browser as text.

export function loaded() {
  const [navigation] = performance.getEntriesByType("navigation");
  return Math.round(navigation.loadEventEnd || navigation.domComplete);
}

export function open() {
  for (const details of document.querySelectorAll("details")) details.open = true;
}

// Boxes whose text does not fit, and a page that scrolls sideways.
export function clipped() {
  const problems = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) problems.push(`the page is ${root.scrollWidth} px wide`);
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("svg") && element.tagName !== "text") continue;
    if (element.tagName === "text") {
      const svg = element.ownerSVGElement.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      if (box.width > 0 && (box.left < svg.left - 1 || box.right > svg.right + 1 || box.top < svg.top - 1 || box.bottom > svg.bottom + 1)) {
        problems.push(`<text> ${element.textContent}`);
      }
      continue;
    }
    const style = getComputedStyle(element);
    if (style.display === "inline" || style.display === "none" || element.clientWidth === 0) continue;
    if (style.clipPath !== "none" || element.closest(".stack thead") && style.position === "absolute") continue;
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    const cuts = style.overflowX !== "visible" || style.overflowY === "hidden";
    if ((hasText || cuts) && element.scrollWidth > element.clientWidth + 1) {
      problems.push(`<${element.tagName.toLowerCase()} class="${element.className}"> ${element.textContent.trim().slice(0, 60)}`);
    }
    if (cuts && element.scrollHeight > element.clientHeight + 1) {
      problems.push(`cut below: <${element.tagName.toLowerCase()} class="${element.className}">`);
    }
  }
  return [...new Set(problems)].slice(0, 10);
}

export async function violations() {
  const found = await globalThis.axe.run(document, { resultTypes: ["violations"] });
  const bad = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
  return bad.map((one) => {
    const [first] = one.nodes;
    return `axe ${one.id} (${one.impact}): ${one.help}: ${first.html.slice(0, 160)} (${one.nodes.length} places): ${first.failureSummary.split("\n")[1] ?? ""}`;
  });
}

// Every piece of text that a page is to show, folded parts too.
export function pieces() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (["TITLE", "STYLE"].includes(parent.tagName.toUpperCase())) continue;
    if (node.data.trim() !== "") texts.push(node.data.trim());
  }
  return [...new Set(texts)];
}

export function focused() {
  const element = document.activeElement;
  return {
    label: element.getAttribute("aria-label") ?? "",
    group: element.name ?? "",
    shown: getComputedStyle(element, "::after").content,
  };
}
