// The mails of a life in a browser, as a mail program shows them: narrow, wide, light and dark. The folder is made by
// VIGIE_MAILS=FOLDER cargo nextest run -p vigie -E "test(lives)"; then: node tests/browser/mails.mjs FOLDER
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { HtmlValidate } from "html-validate";
import { check, overflow, shown, violations } from "./harness.mjs";

const folder = process.argv[2];
if (!folder) {
  console.log("usage: node mails.mjs FOLDER");
  process.exit(2);
}

/** The HTML part of a message, decoded. */
function html(message) {
  const parts = message.split(/^--[^\r\n]+\r?\n/m);
  const part = parts.find((text) => /^Content-Type: text\/html/im.test(text.split(/\r?\n\r?\n/)[0]));
  if (!part) return undefined;
  const [head, ...rest] = part.split(/\r?\n\r?\n/);
  const body = rest.join("\r\n\r\n");
  if (/Transfer-Encoding: base64/i.test(head)) return Buffer.from(body, "base64").toString("utf8");
  if (!/Transfer-Encoding: quoted-printable/i.test(head)) return body;
  const bytes = body.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

// One of each kind: a life repeats its reminders.
const kinds = new Map();
for (const name of readdirSync(folder).filter((name) => name.endsWith(".eml")).sort()) {
  const kind = name.replace(/^\d+\./, "").replace(/\d{4}-\d{2}(-\d{2})?/, "");
  const page = html(readFileSync(`${folder}/${name}`, "utf8"));
  assert.ok(page, `${name} has no HTML part`);
  kinds.set(kind, [name, page]);
}
assert.ok(kinds.size > 10, `${kinds.size} kinds of mails in ${folder}: not a life`);

// The landmarks are those of the program that shows the mail.
const LANDMARKS = ["region", "landmark-one-main", "page-has-heading-one"];

// Mail programs ignore style sheets, so that a mail repeats its styles in its elements; a subject is as long as it is.
const rules = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "no-inline-style": "off", "long-title": "off" } });

await shown("mails", async (browser) => {
  for (const [name, text] of kinds.values()) {
    await check(`${name}: its HTML is valid`, async () => {
      const report = await rules.validateString(text);
      const said = report.results.flatMap((result) => result.messages).map((m) => `${m.line}: ${m.message} (${m.ruleId})`);
      assert.deepEqual(said, []);
    });
  }
  const looks = [
    ["320 px, light", { viewport: { width: 320, height: 740 }, colorScheme: "light" }],
    ["320 px, dark", { viewport: { width: 320, height: 740 }, colorScheme: "dark" }],
    ["wide, light", { viewport: { width: 1280, height: 900 }, colorScheme: "light" }],
  ];
  for (const [look, options] of looks) {
    const context = await browser.newContext({ ...options, bypassCSP: true });
    const page = await context.newPage();
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    for (const [name, text] of kinds.values()) {
      await check(`${name} (${look}): axe finds nothing, nothing scrolls sideways, nothing is fetched`, async () => {
        asked.length = 0;
        await page.setContent(text);
        // axe does not see the browser's own colours, which a mail leaves as they are.
        await page.addStyleTag({ content: ":root, body { background: Canvas; color: CanvasText }" });
        assert.deepEqual(await violations(page, { without: LANDMARKS, colours: options.colorScheme === "dark" }), []);
        assert.equal(await overflow(page), "");
        assert.deepEqual(asked.filter((url) => /^https?:/.test(url)), []);
        // The subject is the title; the parts of a mail that carries several are headings of one level.
        const levels = await page.$$eval("h1, h2, h3", (all) => all.map((heading) => heading.tagName));
        assert.ok(levels.every((level) => level === "H2"), levels.join(" "));
      });
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${look}.png`, fullPage: true });
    }
    await context.close();
  }
});
