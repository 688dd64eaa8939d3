// The pictures of the README and of the guides, taken from the demo. `node pictures.mjs write` writes them into docs/images;
// without it each is taken again and compared, coarsely, with the one that is there: a page that became another one fails,
// another font does not. Alone it has a demo of its own; `reading` lives through the same days once for all.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { check, live, step, subject, turn, until } from "./harness.mjs";

const folder = new URL("../../docs/images", import.meta.url).pathname;
const write = process.argv.includes("write");
/** The picture is compared in so many columns and lines, each by its mean grey; so far may they differ, of 255. */
const GRID = [24, 16];
const FAR = 18;

const PICTURES = [
  ["travail", "/"],
  ["cas", "/cas/1001"],
  ["services", "/services"],
  ["echeances", "/echeances?mois=2028-11"],
  ["annee", "/annee?annee=2028"],
  ["details", "/statistiques/details"],
  ["reseau", "/cas/6001#carte"],
  ["sante", "/sante"],
  ["courriels", "/courriels"],
];

/** By how much two pictures differ where they differ most, coarsely. */
function difference(page, one, other) {
  return page.evaluate(async ([images, [columns, lines]]) => {
    const grids = await Promise.all(images.map(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [columns, lines];
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.imageSmoothingQuality = "high";
      context.drawImage(image, 0, 0, columns, lines);
      const { data: bytes } = context.getImageData(0, 0, columns, lines);
      return Array.from({ length: columns * lines }, (_, i) => (bytes[4 * i] + bytes[4 * i + 1] + bytes[4 * i + 2]) / 3);
    }));
    const far = grids[0].map((grey, i) => Math.abs(grey - grids[1][i]));
    return far.reduce((sum, one) => sum + one, 0) / far.length;
  }, [[one, other].map((bytes) => bytes.toString("base64")), GRID]);
}

export async function pictures({ browser, address }) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme: "light", reducedMotion: "reduce" });
  const blank = await browser.newPage();
  const take = (name) => check(`the picture ${name} shows what the page shows`, async () => {
    const taken = await page.screenshot();
    const file = `${folder}/${name}.png`;
    if (write) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, taken);
      return;
    }
    assert.ok(existsSync(file), `${file} is missing: node tests/browser/pictures.mjs write`);
    const far = await difference(blank, readFileSync(file), taken);
    assert.ok(far < FAR, `${name} differs by ${far.toFixed(1)} of 255 (${FAR} at most): node tests/browser/pictures.mjs write`);
  });

  await turn(address, "commencer");
  for (let chapter = 1; chapter <= 4; chapter += 1) {
    await until(address, (state) => state.pace === "en pause");
    if (chapter < 4) await turn(address, "chapitre");
  }
  await page.goto(`${address}/demo`);
  await take("demo");
  await live(address, ["novembre 2028"]);
  await step(address);
  for (const [name, path] of PICTURES) {
    await page.goto(address + path);
    await take(name);
  }
  await page.close();
  await blank.close();
}

if (process.argv[1] === new URL(import.meta.url).pathname) await subject("pictures", "30d", pictures);
