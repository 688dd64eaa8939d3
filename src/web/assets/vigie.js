// A little comfort; every page works without it. In the demonstration, pages follow the simulated time.
(function () {
  "use strict";
  // A link to a part that is folded unfolds it.
  function unfold() {
    var part = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    var fold = part && part.closest("details");
    if (fold && !fold.open) { fold.open = true; part.scrollIntoView(); }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
  // Keys, save where one types: « / » to the search box, « f » to the filters, « ? » to the list of them all, « g » and
  // a letter to a page of the menu.
  var going = 0;
  function go(key) {
    var link = document.querySelector('nav.wide a[data-go="' + key + '"]');
    var address = link ? link.href : (key === "a" && document.querySelector('nav.wide a[data-go="e"]') || {}).href;
    if (address) { location.href = link ? address : address.replace(/echeances$/, "annee"); }
  }
  function focus(box) {
    box.focus();
    if (box.select) { box.select(); }
  }
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName || "") || event.target.isContentEditable;
    if (typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (going && event.key.length === 1 && /[a-z]/.test(event.key)) {
      clearTimeout(going);
      going = 0;
      go(event.key);
      return;
    }
    var box = event.key === "/" ? document.getElementById("chercher")
      : event.key === "f" ? document.querySelector("main form.filters input:not([type=hidden]), main form.filters select") : null;
    var list = event.key === "?" && document.getElementById("raccourcis");
    if (box) { event.preventDefault(); focus(box); }
    if (list) { location.href = list.href; }
    if (event.key === "g") { going = setTimeout(function () { going = 0; }, 1500); }
  });
  // Who filters a list finds the focus where it was.
  var kept = "vigie.focus";
  document.addEventListener("submit", function (event) {
    if (!event.target.matches("form.filters")) { return; }
    var from = document.activeElement;
    try { sessionStorage.setItem(kept, JSON.stringify([location.pathname, from && from.id || ""])); } catch (_) { /* no storage */ }
  });
  try {
    var back = JSON.parse(sessionStorage.getItem(kept) || "null");
    sessionStorage.removeItem(kept);
    if (back && back[0] === location.pathname) {
      var again = document.getElementById(back[1]) || document.querySelector("main form.filters button:not([type])");
      if (again) { again.focus({ preventScroll: true }); }
    }
  } catch (_) { /* no storage */ }
  if (!document.body.hasAttribute("data-demo")) { return; }
  var main = document.getElementById("contenu");
  var day = document.getElementById("jour");
  var pace = document.getElementById("allure");
  var seen = null;

  function same(id) { return id ? document.getElementById(id) : null; }

  // What the reader opened, typed, scrolled and focused stays so when the content under it changes.
  function replace(html) {
    var next = new DOMParser().parseFromString(html, "text/html").getElementById("contenu");
    if (!next || next.innerHTML === main.dataset.last) { return; }
    main.dataset.last = next.innerHTML;
    var states = {};
    main.querySelectorAll("details[id]").forEach(function (d) { states[d.id] = d.open; });
    var focused = document.activeElement;
    var inside = focused && main.contains(focused) && focused !== main;
    if (inside && /^(INPUT|SELECT|TEXTAREA)$/.test(focused.tagName)) { return; }
    var anchor = inside ? (focused.id || (focused.closest("[id]") || {}).id) : null;
    var summary = inside && focused.tagName === "SUMMARY";
    var link = inside ? focused.getAttribute("href") : null;
    // A mail that is being read stays, however many came after it.
    var read = Array.prototype.slice.call(main.querySelectorAll("details.mail[open]"));
    main.replaceChildren.apply(main, Array.prototype.slice.call(next.childNodes));
    Object.keys(states).forEach(function (id) { if (same(id)) { same(id).open = states[id]; } });
    read.forEach(function (mail) {
      var box = same("courriels");
      if (box && !same(mail.id)) { box.parentNode.appendChild(mail); }
    });
    var back = same(anchor);
    if (back && summary) { back = back.querySelector("summary"); }
    if (back && link) { back = back.querySelector('a[href="' + CSS.escape(link).replace(/\\\//g, "/") + '"]') || back; }
    if (back) { back.focus({ preventScroll: true }); }
  }

  function same_buttons(html) {
    var next = new DOMParser().parseFromString(html, "text/html").querySelector(".clock form");
    var now = document.querySelector(".clock form");
    var values = function (form) { return Array.prototype.map.call(form.querySelectorAll("button"), function (b) { return b.value; }).join(); };
    if (!next || !now || values(next) === values(now)) { return; }
    var pressed = now.contains(document.activeElement);
    now.replaceChildren.apply(now, Array.prototype.slice.call(next.childNodes));
    if (pressed) { now.querySelector("button").focus({ preventScroll: true }); }
  }

  function clock(state) {
    if (day) { day.textContent = state.day; }
    if (pace) { pace.textContent = state.pace; }
    document.querySelectorAll(".clock button").forEach(function (button) {
      if (button.value === state.pressed) { button.setAttribute("aria-pressed", "true"); }
      else { button.removeAttribute("aria-pressed"); }
    });
  }

  function refresh() {
    return fetch("/demo/etat").then(function (answer) { return answer.json(); }).then(function (state) {
      clock(state);
      if (state.version === seen) { return null; }
      seen = state.version;
      return fetch(location.href).then(function (page) { return page.text(); })
        .then(function (html) { same_buttons(html); replace(html); });
    }).catch(function () { if (pace) { pace.textContent = "la démonstration est arrêtée"; } });
  }

  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    // Another story begins on its own page.
    if (!button || button.value === "recommencer" || !event.target.closest(".clock, .begin")) { return; }
    event.preventDefault();
    fetch("/demo/horloge", { method: "POST", body: new URLSearchParams({ action: button.value }) })
      .then(refresh).then(function () { setTimeout(refresh, 300); });
  });

  setInterval(function () { if (!document.hidden) { refresh(); } }, 1000);
})();
