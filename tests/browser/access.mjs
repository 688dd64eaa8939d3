// Every page for every reader: axe, light and dark, wide and narrow, enlarged to 200 % and 400 %, on paper, by keyboard.
import assert from "node:assert/strict";
import { check, cut, openAll, overflow, violations } from "./harness.mjs";

const PAGES = ["/demo", "/", "/?vue=ensuite", "/?texte=introuvable", "/labels", "/labels?vue=perdus", "/cas/1001", "/cas/2001",
  "/cas/6001", "/services", "/services?qui=organisme&du=2028-01-01", "/?vue=retard", "/fiches?cas=1001&cas=2001",
  "/statistiques/dossiers?fait=audits", "/registre", "/registre?liste=termines", "/statistiques", "/echeances", "/sante", "/journal", "/nulle-part",
  "/annee?annee=2028", "/annee?mois=2028-11&quoi=fenetres", "/statistiques/details", "/raccourcis", "/echeances?mois=2028-11",
  "/demo/courriels?texte=VEVENT", "/demo/courriels/3", "/demo/documents/1001/0", "/simulateur", "/tirage?graine=label-2027&liste=a%0Ab%0Ac%0Ad%0Ae", "/mentions-legales",
  "/confidentialite", "/accessibilite", "/api"];

export async function access({ browser, address }) {
  const looks = [
    ["wide, light", { viewport: { width: 1440, height: 900 }, colorScheme: "light" }],
    ["wide, dark", { viewport: { width: 1440, height: 900 }, colorScheme: "dark" }],
    ["narrow, light", { viewport: { width: 360, height: 740 }, colorScheme: "light" }],
    ["narrow, dark", { viewport: { width: 360, height: 740 }, colorScheme: "dark" }],
    // A window of 1280 by 1024 enlarged is one of half, or a quarter, of its width: what WCAG 1.4.10 measures.
    ["enlarged to 200 %", { viewport: { width: 640, height: 512 }, colorScheme: "light" }],
    ["enlarged to 400 %", { viewport: { width: 320, height: 256 }, colorScheme: "light" }],
  ];
  for (const [name, options] of looks) {
    const context = await browser.newContext({ ...options, bypassCSP: true });
    const page = await context.newPage();
    for (const path of PAGES) {
      await check(`${path} (${name}): axe finds nothing, nothing is cut, nothing scrolls sideways`, async () => {
        await page.goto(address + path);
        await openAll(page);
        assert.deepEqual(await violations(page, { colours: options.colorScheme === "dark" }), []);
        assert.equal(await overflow(page), "");
        assert.deepEqual(await cut(page), []);
      });
    }
    await context.close();
  }

  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });

  await check("letters twice as large break no page", async () => {
    for (const path of PAGES) {
      await page.goto(address + path);
      await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
      assert.equal(await overflow(page), "", path);
    }
  });

  await check("wider spacing of the text cuts nothing (WCAG 1.4.12)", async () => {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 900 } });
    const spaced = await context.newPage();
    for (const path of PAGES) {
      await spaced.goto(address + path);
      await spaced.addStyleTag({ content: "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }" });
      assert.equal(await overflow(spaced), "", path);
      assert.deepEqual(await cut(spaced), [], path);
    }
    await context.close();
  });

  await check("the first key shows the way to the content, and each stop shows where it is", async () => {
    await page.goto(`${address}/labels`);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Aller au contenu");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "contenu");
    for (let stop = 0; stop < 12; stop += 1) {
      await page.keyboard.press("Tab");
      const shown = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      });
      assert.ok(shown, `stop ${stop} has no visible focus`);
    }
  });

  await check("what is clicked is at least 24 pixels, or a word in a sentence", async () => {
    for (const path of PAGES) {
      await page.goto(address + path);
      const small = await page.evaluate(() => [...document.querySelectorAll("button, input, select, summary, nav a, .counts a")]
        .map((e) => [e.getBoundingClientRect(), e.outerHTML.slice(0, 100)])
        .filter(([box]) => box.width > 0 && (box.height < 24 || box.width < 24)).map(([, html]) => html));
      assert.deepEqual(small, [], path);
    }
  });

  await check("where one is is said to all: title, current page, one main heading", async () => {
    const titles = new Set();
    for (const path of PAGES) {
      await page.goto(address + path);
      titles.add(await page.title());
      assert.equal(await page.locator("h1").count(), 1, path);
    }
    assert.equal(titles.size, PAGES.length - 1, "only the searched list shares its title with the list");
    await page.goto(`${address}/labels`);
    assert.equal(await page.textContent("[aria-current=page]"), "Labels");
  });

  await check("who wants no motion has none", async () => {
    const still = await browser.newPage({ reducedMotion: "reduce" });
    await still.goto(`${address}/cas/1001`);
    assert.equal(await still.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), "auto");
    await still.close();
  });

  await check("on paper the page keeps its content and loses its buttons", async () => {
    await page.goto(`${address}/cas/2001`);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.isVisible("h1") && await page.isVisible("#echeances"));
    assert.ok(!(await page.isVisible(".clock")) && !(await page.isVisible(".top nav")));
    await page.emulateMedia({ media: "screen" });
  });
}
