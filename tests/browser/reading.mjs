// What reads the pages of one demo: `pictures` first, then `access` and `layout` on the same day, `questions` on a later one. A
// demo of its own for each would live the same years again, which takes longer than what is looked at.
import { access } from "./access.mjs";
import { live, subject } from "./harness.mjs";
import { layout } from "./layout.mjs";
import { pictures } from "./pictures.mjs";
import { questions } from "./questions.mjs";

await subject("reading", "30d", async (shown) => {
  await pictures(shown);
  // Late enough for a suspension, a follow-up and a network; early enough for something to be ahead.
  await live(shown.address, ["mars 2029"]);
  await Promise.all([access(shown), layout(shown)]);
  await live(shown.address, ["avril 2029"]);
  await questions(shown);
});
