// Five widths: nothing wider than the window, no short word broken, the first column of a scrolling table kept, drawings
// inside their frame. What is asserted is measured, so that another font or another version of the browser fails nothing;
// the pictures of the same pages are for eyes (SHOTS=FOLDER), and compared with nothing.
import assert from "node:assert/strict";
import { check, openAll, overflow } from "./harness.mjs";

const WIDTHS = [360, 380, 768, 1024, 1440];
const PAGES = ["/", "/?vue=retard", "/services", "/cas/1001", "/cas/6001", "/statistiques", "/statistiques/details", "/annee?annee=2028",
  "/echeances?mois=2028-11", "/fiches?cas=1001&cas=2001", "/labels", "/demo", "/registre"];

/** Words of at most twelve letters that stand on two lines. */
function broken(page) {
  return page.evaluate(() => {
    const found = [];
    const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    // Read aloud, and not shown: heads of tables that are cards here, captions that a heading repeats.
    const unseen = (node) => node && node.matches && (getComputedStyle(node).clipPath !== "none" || unseen(node.parentElement));
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (!node.parentElement.checkVisibility() || node.parentElement.closest("svg, pre, code, option") || unseen(node.parentElement)) continue;
      for (const word of node.data.matchAll(/[\p{L}\p{N}]{2,12}/gu)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top / 6)));
        if (lines.size > 1) found.push(`${word[0]} in ${node.parentElement.outerHTML.slice(0, 80)}`);
      }
    }
    return found.slice(0, 5);
  });
}

/** Tables that scroll in their frame, and let their first column go. */
function lost(page) {
  return page.evaluate(() => [...document.querySelectorAll("main .scroll")].filter((frame) => {
    const named = frame.querySelector("tbody th[scope=row]");
    if (frame.scrollWidth <= frame.clientWidth + 1 || !named) return false;
    frame.scrollLeft = frame.scrollWidth;
    const gone = named.getBoundingClientRect().right < frame.getBoundingClientRect().left + 20;
    frame.scrollLeft = 0;
    return gone;
  }).map((frame) => frame.outerHTML.slice(0, 120)));
}

/** Drawings, and words in them, outside of what shows them. */
function outside(page) {
  return page.evaluate(() => [...document.querySelectorAll("main svg[role=img]")].flatMap((svg) => {
    const frame = svg.closest(".scroll, figure, section, main").getBoundingClientRect();
    const scrolls = svg.closest(".scroll");
    const parts = [svg, ...svg.querySelectorAll("text, rect, circle")];
    return parts.filter((part) => {
      const box = part.getBoundingClientRect();
      return box.width > 0 && !scrolls && (box.left < frame.left - 2 || box.right > frame.right + 2);
    }).map((part) => part.outerHTML.slice(0, 120));
  }).slice(0, 5));
}

export async function layout({ browser, address }) {
  for (const width of WIDTHS) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    for (const path of PAGES) {
      await check(`${path} at ${width} px: nothing sticks out, no word is broken, first columns stay, drawings fit`, async () => {
        await page.goto(address + path);
        await openAll(page);
        assert.equal(await overflow(page), "");
        assert.deepEqual(await broken(page), []);
        assert.deepEqual(await lost(page), []);
        assert.deepEqual(await outside(page), []);
        if (process.env.SHOTS) {
          await page.reload();
          await page.screenshot({ path: `${process.env.SHOTS}/${path.replace(/[^a-z0-9]+/gi, "_")}-${width}.png`, fullPage: true });
        }
      });
    }
    await page.close();
  }

  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await check("the keys lead where their list says, and are silent while one types", async () => {
    await page.goto(`${address}/services`);
    await page.keyboard.press("?");
    await page.waitForURL(/raccourcis$/);
    const rows = await page.locator(".keys tbody tr").allTextContents();
    assert.ok(rows.length > 5);
    for (const [key, path] of [["t", "/"], ["s", "/services"], ["l", "/labels"], ["e", "/echeances"], ["c", "/courriels"], ["a", "/annee"]]) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await page.waitForURL((url) => url.pathname === path);
    }
    await page.goto(`${address}/services`);
    await page.keyboard.press("f");
    await page.keyboard.type("g?");
    assert.match(page.url(), /services$/);
    assert.equal(await page.inputValue("#f-texte"), "g?");
  });

  await check("who filters a list finds the focus where it was", async () => {
    await page.goto(`${address}/services`);
    await page.focus("#f-texte");
    await page.keyboard.type("archipel");
    await page.keyboard.press("Enter");
    await page.waitForURL(/texte=archipel/);
    await page.waitForFunction(() => document.activeElement.id === "f-texte");
  });
}
