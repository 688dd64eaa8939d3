// The demonstration: time goes by, stops, steps; the story is told in chapters; what was opened stays so.
import assert from "node:assert/strict";
import { check, live, step, subject, until } from "./harness.mjs";

await subject("demo", "1d", async ({ browser, address }) => {
  // Under the page's own policy, with its console heard.
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));

  await check("nothing happens before the reader begins", async () => {
    await page.goto(`${address}/demo`);
    const before = await page.textContent("#jour");
    await page.waitForTimeout(1500);
    assert.equal(await page.textContent("#jour"), before);
    assert.equal(await page.locator(".chapters li.reached").count(), 0);
  });

  await check("nine clicks on the main button tell nine chapters, one each, with what each is about", async () => {
    for (let chapter = 1; chapter <= 9; chapter += 1) {
      await page.click(".clock button.main");
      await page.waitForFunction((told) => document.querySelectorAll(".chapters li.reached").length === told, chapter, { timeout: 600000 });
      assert.ok((await page.textContent(".chapter")).trim().length > 40, `chapter ${chapter} says nothing`);
    }
    assert.match(await page.textContent(".ending"), /Ce que vous avez vu[\s\S]*courriels? envoyés?[\s\S]*vigie init/);
  });

  await check("the mailbox is searched in text, HTML, headers and calendars, and a mail opened there", async () => {
    for (const [words, place] of [["rapport d'audit", /texte/], ["X-Auto-Response-Suppress", /en-têtes/], ["VEVENT", /agenda/]]) {
      await page.goto(`${address}/demo/courriels`);
      await page.fill("main #boite", words);
      await page.keyboard.press("Enter");
      await page.waitForURL(/texte=/);
      assert.match(await page.textContent(".mails li >> nth=0"), place, words);
    }
    await page.click(".mails li a >> nth=0");
    assert.match(await page.textContent("main"), /En-têtes[\s\S]*Message-ID[\s\S]*BEGIN:VCALENDAR/);
    assert.ok(await page.frameLocator("iframe.shown").locator("body").textContent());
  });

  await check("a document is opened beside what was read in it", async () => {
    await page.goto(`${address}/cas/1001#documents`);
    await page.click("#pli-documents a >> nth=0");
    assert.match(await page.textContent("main"), /Ce que vigie y a lu[\s\S]*lisible/);
  });

  await check("the story begins again from its first day", async () => {
    await page.goto(`${address}/demo`);
    await page.click(".ending button");
    await page.waitForSelector(".begin button");
    assert.match(await page.textContent("#jour"), /4 janvier 2027/);
  });

  await check("the simulated time goes by by itself for who lets it", async () => {
    await page.click(".begin button");
    await page.waitForSelector(".clock button[value='1']");
    await page.click(".clock button[value='1']");
    const before = await page.textContent("#jour");
    await page.waitForFunction((day) => document.getElementById("jour").textContent !== day, before);
    await page.waitForSelector(".beats li");
    await page.waitForSelector("details.mail");
  });

  await check("pause stops it, a day moves it by one", async () => {
    await page.click("button[value=pause]");
    await page.waitForFunction(() => document.getElementById("allure").textContent === "en pause");
    await page.waitForTimeout(1500);
    const day = await page.textContent("#jour");
    await page.waitForTimeout(1500);
    assert.equal(await page.textContent("#jour"), day);
    await page.click("button[value=pas]");
    await page.waitForFunction((before) => document.getElementById("jour").textContent !== before, day);
  });

  await check("a step goes to the next event and stops there", async () => {
    const told = await page.locator(".beats .step").first().textContent();
    await page.click("button[value=etape]");
    await page.waitForFunction((before) => document.querySelector(".beats .step").textContent !== before, told, { timeout: 60000 });
    await until(address, (state) => state.pace === "en pause");
  });

  await check("the first chapters are told with what vigie found", async () => {
    for (let tries = 0; tries < 12 && !(await page.locator(".chapters li.reached").count() > 2); tries += 1) {
      await step(address);
      await page.waitForTimeout(1200);
    }
    const chapters = await page.textContent(".chapters");
    assert.match(chapters, /Dépôt\s+vu le[\s\S]*Contrôle\s+vu le[\s\S]*Correction\s+vu le/);
    assert.match(await page.textContent(".beats"), /organigramme[\s\S]*/);
  });

  await check("with the keyboard alone a mail is opened, read, and stays open while time goes by", async () => {
    await page.focus("details.mail summary");
    await page.keyboard.press("Enter");
    const id = await page.getAttribute("details.mail[open]", "id");
    assert.match(await page.textContent("details.mail[open] pre"), /R-\d|§|Calendrier du dossier/);
    await step(address);
    await page.waitForTimeout(2500);
    assert.ok(await page.locator(`#${id}[open]`).count(), "it closed");
    const focused = await page.evaluate(() => document.activeElement.closest("details")?.id);
    assert.equal(focused, id, "the focus moved");
  });

  await check("every page follows the simulated time", async () => {
    await page.goto(`${address}/`);
    const before = await page.textContent("h1");
    await page.click("button[value=pas]");
    await page.waitForFunction((title) => document.querySelector("h1").textContent !== title, before);
  });

  // The first check has told the story to its end, chapter by chapter.
  await check("a story that nobody stops is told too", async () => {
    await live(address, ["octobre 2027"]);
    await page.goto(`${address}/demo`);
    assert.ok(await page.locator(".chapters li.reached").count() > 3);
  });

  await check("the console stayed silent under the page's own policy", async () => {
    assert.deepEqual(complaints, []);
  });

  await check("without a script the pages are there all the same", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${address}/labels`);
    assert.ok(await plain.locator("tbody tr").count());
    await plain.click("button[value=pause]");
    assert.match(plain.url(), /\/labels$/, "back on the page that asked");
    await plain.goto(`${address}/demo`);
    assert.ok(await plain.locator(".cards li").count());
    await context.close();
  });
});
