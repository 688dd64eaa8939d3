// The demo in a real browser: it lives, it can be paused and stepped, read with the keyboard, and axe finds nothing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const program = new URL("../../target/debug/vigie", import.meta.url).pathname;
let passed = 0;
let failed = 0;

async function check(name, test) {
  try {
    await test();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
}

function start() {
  const demo = spawn(program, ["demo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    demo.stdout.on("data", (data) => {
      const address = /http:\/\/[\d.:]+/.exec(String(data));
      if (address) resolve({ demo, address: address[0] });
    });
    demo.on("exit", () => reject(new Error("the demo stopped")));
  });
}

async function violations(page) {
  await page.addScriptTag({ path: axe });
  const result = await page.evaluate(() => window.axe.run(document));
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" ")}`);
}

const { demo, address } = await start();
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
try {
  // `bypassCSP` lets axe be injected; the pages themselves run under their policy in the first check.
  const strict = await browser.newPage();
  const complaints = [];
  strict.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  strict.on("pageerror", (error) => complaints.push(String(error)));

  await check("the simulated time goes by by itself", async () => {
    await strict.goto(address);
    const before = await strict.textContent("#jour");
    await strict.waitForFunction((day) => document.getElementById("jour").textContent !== day, before);
    await strict.waitForSelector("details.case");
    await strict.waitForSelector("details.mail");
  });

  await check("pause stops it, a step moves it by one day", async () => {
    await strict.click("button[value=pause]");
    await strict.waitForFunction(() => document.getElementById("allure").textContent === "en pause");
    await strict.waitForTimeout(1500);
    const day = await strict.textContent("#jour");
    await strict.waitForTimeout(1500);
    assert.equal(await strict.textContent("#jour"), day);
    await strict.click("button[value=pas]");
    await strict.waitForFunction((before) => document.getElementById("jour").textContent !== before, day);
  });

  await check("with the keyboard alone a service and a mail are opened and read", async () => {
    await strict.focus("details.case summary");
    await strict.keyboard.press("Enter");
    assert.match(await strict.textContent("details.case[open]"), /Constats[\s\S]*Échéances[\s\S]*Ce que vigie a écrit/);
    await strict.focus("details.mail summary");
    await strict.keyboard.press("Enter");
    assert.match(await strict.textContent("details.mail[open] pre"), /§/);
  });

  await check("what was opened stays open while the page follows the time", async () => {
    await strict.click("button[value='10']");
    await strict.waitForTimeout(3000);
    assert.ok(await strict.locator("details.case[open]").count());
    await strict.click("button[value=pause]");
  });

  await check("the console stayed silent under the page's own policy", async () => {
    assert.deepEqual(complaints, []);
  });

  const link = await strict.getAttribute("details.case .detail a", "href");
  const looks = [
    ["wide, light", { viewport: { width: 1400, height: 900 }, colorScheme: "light" }],
    ["wide, dark", { viewport: { width: 1400, height: 900 }, colorScheme: "dark" }],
    ["narrow", { viewport: { width: 320, height: 800 }, colorScheme: "light" }],
  ];
  for (const [name, options] of looks) {
    const context = await browser.newContext({ ...options, bypassCSP: true });
    const page = await context.newPage();
    for (const path of ["/", link, "/journal", "/nulle-part"]) {
      await check(`axe finds nothing on ${path === link ? "a service's page" : path} (${name})`, async () => {
        await page.goto(address + path);
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
        assert.deepEqual(await violations(page), []);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `the page is ${overflow} px wider than the window`);
      });
    }
    await context.close();
  }

  await check("without a script the page is there all the same", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(address);
    assert.ok(await page.locator("details.case").count());
    await page.click("button[value=pause]");
    assert.match(await page.textContent("#allure"), /en pause/);
    await context.close();
  });
} finally {
  await browser.close();
  demo.kill();
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
