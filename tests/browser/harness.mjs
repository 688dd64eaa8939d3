// What the subjects share: the demo in a process of its own, a browser, counted checks, axe and the width of a page.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const built = process.env.CARGO_TARGET_DIR ?? new URL("../../target", import.meta.url).pathname;
export const program = `${built}/debug/vigie`;
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
let passed = 0;
let failed = 0;

/** One named check; the others go on when it fails. */
export async function check(name, test) {
  try {
    await test();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
}

/** Starts the demo at a port of the system's choice. */
function start(speed) {
  const args = ["demo", "--listen", "127.0.0.1:0", "--speed", speed];
  const demo = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  process.once("SIGTERM", () => { demo.kill(); });
  return new Promise((resolve, reject) => {
    demo.stdout.on("data", (data) => {
      const address = /http:\/\/[\d.:]+/.exec(String(data));
      if (address) resolve({ demo, address: address[0] });
    });
    demo.on("exit", () => reject(new Error("the demo stopped")));
  });
}

function browserOrExit(name) {
  if (!existsSync(executablePath)) {
    console.log(`NOT RUN ${name}: no browser at ${executablePath} (set CHROMIUM, or apt-get install chromium)`);
    process.exit(2);
  }
  return chromium.launch({ executablePath, args: flags });
}

/** Runs a subject with a demo and a browser of its own, and exits with what the checks found. */
export async function subject(name, speed, tell) {
  const browser = await browserOrExit(name);
  const { demo, address } = await start(speed);
  try {
    await tell({ browser, address });
  } finally {
    await browser.close();
    demo.removeAllListeners("exit");
    demo.kill();
  }
  over(name);
}

/** The same with a browser alone. */
export async function shown(name, tell) {
  const browser = await browserOrExit(name);
  try {
    await tell(browser);
  } finally {
    await browser.close();
  }
  over(name);
}

function over(name) {
  console.log(`\n${name}: ${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** Turns the simulated clock, without a page. */
export async function turn(address, action) {
  const body = new URLSearchParams({ action });
  await fetch(`${address}/demo/horloge`, { method: "POST", body, redirect: "manual" });
}

/** Waits until the simulated clock says so. */
export async function until(address, holds) {
  // A slow machine may take its time: only a clock that stands still is a fault.
  let [still, last] = [0, ""];
  while (still < 600) {
    const state = await (await fetch(`${address}/demo/etat`)).json();
    if (holds(state)) return state;
    still = state.day === last ? still + 1 : 0;
    last = state.day;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error("the simulated clock never came there");
}

/** One step of the story: until something happens on the platform. */
export async function step(address) {
  await turn(address, "etape");
  await until(address, (state) => state.pace !== "vers l’événement suivant…");
}

/** Lets the story go, as fast as it can, until a day of this month of this year is seen. */
export async function live(address, words) {
  await turn(address, "30");
  const state = await until(address, (now) => words.some((word) => now.day.includes(word)) || now.pace.startsWith("fin"));
  await turn(address, "pause");
  return state;
}

/** What axe complains about, some rules left out; the page must be opened with `bypassCSP`. `colours`: the rules about colours
 * alone, for a page whose other rules were seen at the same width in the other scheme. */
export async function violations(page, { without = [], colours = false } = {}) {
  await page.addScriptTag({ path: axe });
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  const options = colours ? { runOnly: ["color-contrast", "link-in-text-block"] } : { rules };
  const result = await page.evaluate((how) => window.axe.run(document, how), options);
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" ")}`);
}

/** By how many pixels the page is wider than its window, and what sticks out. */
export function overflow(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return "";
    const out = [...document.querySelectorAll("main *, header *")]
      .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
    return `${wide} px wider: ${out.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(" ")}`;
  });
}

/** Words that their own box cuts. */
export function cut(page) {
  return page.evaluate(() => [...document.querySelectorAll("main p, main td, main th, main li, main h1, main h2, main dd, main a, main span, main button")]
    .filter((e) => getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1)
    .map((e) => e.outerHTML.slice(0, 120)));
}

export function openAll(page) {
  return page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
}
