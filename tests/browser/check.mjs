// Opens pages in Chromium as people do, and writes down what is wrong with them, a line each.
//
//   node check.mjs JOB.json     {browser, scratch, axe, pages: [{name, file, shot?}]}
//
// Prints JSON: {pages: {NAME: {problems: [...], text, load_ms}}}. Pages with `shot` are drawn to
// SCRATCH/shots/NAME.png.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import * as inside from "./inside.mjs";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));
const axe = readFileSync(job.axe, "utf8");
const WIDE = { width: 1280, height: 1000 };
const NARROW = { width: 390, height: 844 };

const browser = await chromium.launch({
  executablePath: job.browser,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
  ],
});
const results = {};
try {
  for (const page of job.pages) results[page.name] = await checked(page);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify({ pages: results }));

async function checked({ name, file, shot }) {
  const problems = [];
  const url = pathToFileURL(file).href;
  const say = (where, what) => problems.push(`${where}: ${what}`);
  let text = "";
  let load = 0;
  for (const [where, viewport, colorScheme] of [
    ["light", WIDE, "light"], ["dark", WIDE, "dark"], ["390 px", NARROW, "light"], ["800 px", { width: 800, height: 900 }, "dark"],
  ]) {
    await opened({ viewport, colorScheme }, url, (what) => say(where, what), async (tab) => {
      if (where === "light") load = await tab.evaluate(inside.loaded);
      if (shot && where === "light") await shoot(tab, `${name}`, WIDE);
      if (shot && where === "dark") await shoot(tab, `${name}-dark`, WIDE);
      if (shot && where === "390 px") await shoot(tab, `${name}-narrow`, NARROW);
      for (const what of await tab.evaluate(inside.clipped)) say(where, `clipped: ${what}`);
      if (where === "light") {
        text = await tab.evaluate(() => document.body.innerText);
        for (const what of await keyboard(tab)) say("keyboard", what);
      }
      await tab.evaluate(inside.open);
      for (const what of await tab.evaluate(inside.clipped)) say(where, `clipped when opened: ${what}`);
      if (colorScheme === "light" && viewport === WIDE || where === "dark") {
        await tab.evaluate(axe);
        for (const what of await tab.evaluate(inside.violations)) say(where, what);
      }
    });
  }
  await opened({ viewport: WIDE, javaScriptEnabled: false }, url, (what) => say("no script", what), async (tab) => {
    const without = await tab.locator("body").innerText();
    if (without !== text) say("no script", "the page reads otherwise without scripts");
  });
  await opened({ viewport: WIDE }, url, (what) => say("print", what), async (tab) => {
    const file = join(job.scratch, `${name}.pdf`);
    await tab.pdf({ path: file, format: "A4", printBackground: true });
    const printed = execFileSync("pdftotext", ["-raw", file, "-"], { maxBuffer: 1 << 28 }).toString();
    const held = squeezed(printed);
    const pieces = await tab.evaluate(inside.pieces);
    const missing = pieces.filter((piece) => !held.includes(squeezed(piece)));
    for (const piece of missing.slice(0, 10)) say("print", `not in the PDF: ${piece}`);
    if (missing.length > 10) say("print", `and ${missing.length - 10} more texts are not in the PDF`);
    if (printed.trim() === "") say("print", "the PDF is empty");
  });
  return { problems, text, load_ms: load };
}

async function opened(options, url, say, use) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  tab.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) say(`console: ${message.text()}`);
  });
  tab.on("pageerror", (error) => say(`error: ${error}`));
  tab.on("request", (request) => {
    if (request.url() !== url) say(`request: ${request.url()}`);
  });
  try {
    await tab.goto(url, { waitUntil: "load" });
    await use(tab);
  } finally {
    await context.close();
  }
}

async function shoot(tab, name, viewport) {
  mkdirSync(join(job.scratch, "shots"), { recursive: true });
  const path = join(job.scratch, "shots", `${name}.png`);
  await tab.screenshot({ path, clip: { x: 0, y: 0, ...viewport, height: Math.round(viewport.height * 1.1) }, fullPage: true });
}

// A map is one stop of the keyboard, arrows go from block to block, and each block says what it is.
async function keyboard(tab) {
  const first = tab.locator(".map input").first();
  if ((await first.count()) === 0) return [];
  await tab.evaluate(inside.open);
  await first.focus();
  const problems = [];
  const before = await tab.evaluate(inside.focused);
  await tab.keyboard.press("ArrowRight");
  const after = await tab.evaluate(inside.focused);
  if (before.label === after.label) problems.push("an arrow key does not go to the next block");
  if (!after.shown.includes("/28")) problems.push(`a focused block shows ${after.shown}`);
  await tab.keyboard.press("Tab");
  const out = await tab.evaluate(inside.focused);
  if (out.group && out.group === after.group) problems.push("a map is more than one stop of the keyboard");
  return problems;
}

function squeezed(text) {
  return text.normalize("NFKC").replace(/[\s\u00ad\u200b\u000c]+/gu, "");
}
