// Questions that people ask of a label, answered by clicking from the first page, in few clicks.
import assert from "node:assert/strict";
import { check } from "./harness.mjs";

export async function questions({ browser, address }) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  let clicks = 0;
  const click = async (selector) => {
    clicks += 1;
    await page.click(selector);
  };
  const ask = (name, most, answer) => check(`${name} (at most ${most} clicks)`, async () => {
    await page.goto(address);
    clicks = 0;
    await answer();
    assert.ok(clicks <= most, `${clicks} clicks`);
  });
  const menu = (name) => click(`nav.wide >> text="${name}"`);

  await ask("what is late?", 1, async () => {
    await click('.counts a[href="#retard"]');
    assert.match(await page.textContent("section[aria-labelledby=retard]"), /Rien n’est en retard|En retard/);
  });

  await ask("which audits are to come, and when?", 2, async () => {
    await click('.counts a[href="#ensuite"]');
    await click("section[aria-labelledby=ensuite] > p a");
    assert.match(await page.textContent("main"), /Audit de suivi, fenêtre du \d\d\/\d\d\/\d{4}/);
  });

  await ask("which services lose their label this quarter, and why?", 2, async () => {
    await menu("Labels");
    await page.selectOption("#f-vue", "trimestre");
    await click(".filters button");
    assert.match(await page.textContent("h2"), /D’ici la fin du trimestre \(\d+\)/);
  });

  await ask("which labels were lost, and why?", 2, async () => {
    await menu("Labels");
    await page.selectOption("#f-vue", "perdus");
    await click(".filters button");
    assert.match(await page.textContent("main"), /Tous les labels perdus/);
  });

  await ask("what is missing for Valdorée to go up?", 3, async () => {
    await menu("Labels");
    await click('main >> text="Guichet des mobilités de Valdorée"');
    await click(".toc >> text=\"Les notes et le palier\"");
    assert.match(await page.textContent("section[aria-labelledby=palier]"), /Palier calculé : (Argent[\s\S]*Pour Or, il manque|Or)/);
  });

  await ask("who was told about the suspension of Montébrune?", 3, async () => {
    await menu("Labels");
    await click('main >> text="Agence des aides de Montébrune"');
    await click(".toc >> text=\"Courriels\"");
    const told = page.locator(".told > li", { hasText: "uspen" });
    assert.ok(await told.count() >= 2, "the candidate and the DITP");
    assert.match((await told.allTextContents()).join(" "), /service candidat[\s\S]*DITP|DITP[\s\S]*service candidat/);
  });

  await ask("why is Montébrune suspended, and until when?", 2, async () => {
    await menu("Labels");
    await click('main >> text="Agence des aides de Montébrune"');
    assert.match(await page.textContent(".facts"), /Suspendu depuis le[^;]*refus d’audit[^;]*; à lever au plus tard le[^,]*\d{4} \(délai fixé par l’organisme\), sans dépasser le[^(]*\(douze mois de suspension\)/);
  });

  await ask("what does the guide leave open for a service?", 3, async () => {
    await menu("Labels");
    await click('main >> text="Guichet des mobilités de Valdorée"');
    await click(".toc >> text=\"Lectures du guide\"");
    assert.match(await page.textContent(".readings"), /Lecture appliquée[\s\S]*Autre lecture[\s\S]*au lieu/);
  });

  await ask("how far is the network of Archipel this year?", 3, async () => {
    await menu("Labels");
    await page.selectOption("#f-type", "central");
    await click(".filters button");
    await click('main >> text="Réseau national Archipel"');
    const board = await page.textContent("section[aria-labelledby=reseau]");
    assert.match(board, /⌈√9⌉[\s\S]*⌈75 % de[\s\S]*Si un local de plus/);
  });

  await ask("which documents did a service give, and in what state are they?", 3, async () => {
    await menu("Labels");
    await click('main >> text="Service des titres de Port-Lointain"');
    await click(".toc >> text=\"Documents\"");
    assert.match(await page.textContent("section[aria-labelledby=documents]"), /Organigramme[\s\S]*organigramme\.pdf/);
  });

  await ask("which mails leave in the next fourteen days, with their text?", 2, async () => {
    await menu("Courriels");
    assert.match(await page.textContent("h1"), /Courriels à venir/);
    if (await page.isVisible(".mails summary")) {
      await click(".mails summary >> nth=0");
      assert.ok(await page.isVisible(".letter"));
    }
  });

  await ask("where is the service of a SIRET, of a dossier, of a name?", 0, async () => {
    for (const [typed, found] of [["4001", /Agence des aides de Montébrune/], ["montebrune AGENCE", /Agence des aides de Montébrune/]]) {
      // The address of the last answer would be taken for the next one.
      await page.goto(address);
      await page.keyboard.press("/");
      await page.keyboard.type(typed);
      await page.keyboard.press("Enter");
      await page.waitForURL(/services\?texte|cas\//);
      assert.match(await page.textContent("main"), found);
    }
  });

  await ask("what changed since yesterday?", 1, async () => {
    await click('.counts a[href="#change"]');
    assert.ok(await page.isVisible("#change"));
  });

  await ask("the dossiers of one body, of one kind, at one stage", 1, async () => {
    await page.selectOption("#f-organisme", "Boréal Certification");
    await page.selectOption("#f-type", "local_rattache");
    await click(".filters button");
    assert.match(page.url(), /type=local_rattache/);
    assert.match(await page.textContent("section[aria-labelledby=ensuite]"), /Archipel, antenne/);
    assert.doesNotMatch(await page.textContent("section[aria-labelledby=ensuite]"), /Valdorée/);
  });

  await ask("the filters are used with the keyboard alone", 0, async () => {
    await page.focus("#f-texte");
    await page.keyboard.type("réseau NATIONAL");
    await page.keyboard.press("Enter");
    await page.waitForURL(/texte=/);
    assert.equal(await page.inputValue("#f-texte"), "réseau NATIONAL");
    assert.match(await page.textContent("section[aria-labelledby=ensuite]"), /Réseau national Archipel/);
    assert.doesNotMatch(await page.textContent("section[aria-labelledby=ensuite]"), /antenne/);
  });
}
