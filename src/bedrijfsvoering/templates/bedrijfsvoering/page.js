"use strict";
/* What the page gains where a script may run. Without it nothing is missing but this: tables that sort and filter,
   charts that tell the numbers of a mark and switch to percentages, links to a figure, and copies for a spreadsheet.
   A mark and its row carry the same key (data-rij); every number comes from the tables that are on the page anyway. */
(() => {
  const PHONE = matchMedia("(max-width: 44rem)");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const text = (element) => element.textContent.replace(/\s+/g, " ").trim();

  /* Return a new element: names that begin with `on` are listeners, the rest attributes. */
  const make = (tag, given = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  const button = (label, onclick, name = "") => make("button", { type: "button", class: `knop ${name}`, onclick }, label);

  /* One line for screen readers, and for a moment for everyone. */
  const spoken = make("p", { role: "status", class: "melding" });
  one("main").append(spoken);
  let hiding = 0;
  const say = (line) => {
    spoken.textContent = line;
    clearTimeout(hiding);
    hiding = setTimeout(() => { spoken.textContent = ""; }, 4000);
  };

  /* ---- Copies ---- */
  const oldCopy = (fill) => {
    const listen = (event) => { fill(event.clipboardData); event.preventDefault(); event.stopImmediatePropagation(); };
    document.addEventListener("copy", listen, true);
    const done = document.execCommand("copy");
    document.removeEventListener("copy", listen, true);
    return done;
  };
  const copy = async (kinds, said) => {
    try {
      const blobs = Object.entries(kinds).map(([kind, value]) => [kind, new Blob([value], { type: kind })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } catch {
      const fill = (clipboard) => Object.entries(kinds).forEach(([kind, value]) => clipboard.setData(kind, value));
      if (!oldCopy(fill)) { say("Kopiëren kan hier niet."); return false; }
    }
    say(said);
    return true;
  };
  const copyLink = (ident) => {
    const link = `${location.href.split("#")[0]}#${ident}`;
    return copy({ "text/plain": link }, "De link is gekopieerd.");
  };

  /* Buttons that stand on a page many times are told apart by what they are about. */
  const named = (label, about, onclick) => {
    const made = button(label, onclick);
    made.setAttribute("aria-label", `${label}: ${about.replace(/\.$/, "").toLowerCase()}`);
    return made;
  };
  const linkTo = (ident, about) => named("Kopieer link", about, () => copyLink(ident));

  /* A spreadsheet gets plain numbers in the house's sign: it does not know our minus, nor "208 nadeel". */
  const value = (cell) => one("data", cell)?.value ?? null;
  const plain = (cell) => {
    const copied = cell.cloneNode(true);
    all(".merk, .e", copied).forEach((mark) => mark.remove());
    return text(copied);
  };
  const escaped = (line) => line.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const forSpreadsheet = (rows) => {
    const cells = rows.map((row) => [...row.cells].map((cell) => ({ cell, number: value(cell) })));
    const title = (cell) => plain(cell) + (cell.matches("thead .res") ? " (voordeel is positief)" : "");
    const asText = ({ cell, number }) => (number === null ? title(cell) : number.replace(".", ","));
    const asHtml = ({ cell, number }) => number === null
      ? `<td>${escaped(title(cell))}</td>`
      : `<td x:num="${number}" sdval="${number}">${number.replace(".", ",")}</td>`;
    return {
      "text/plain": cells.map((row) => row.map(asText).join("\t")).join("\n"),
      "text/html": `<table>${cells.map((row) => `<tr>${row.map(asHtml).join("")}</tr>`).join("")}</table>`,
    };
  };
  const shown = (table) => [...table.rows].filter((row) => !row.hidden);
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    const around = range.commonAncestorContainer;
    const table = (around.nodeType === 1 ? around : around.parentElement).closest("table");
    const rows = table ? shown(table).filter((row) => range.intersectsNode(row)) : [];
    if (rows.length < 2 && !around.contains?.(rows[0])) return; // a word or a cell is copied as it stands
    Object.entries(forSpreadsheet(rows)).forEach(([kind, copied]) => event.clipboardData.setData(kind, copied));
    event.preventDefault();
  });

  /* ---- The note beside a mark or a number ---- */
  const note = make("div", { class: "noot", role: "group", "aria-label": "Over dit cijfer", hidden: "" });
  let noted = null; // what the note is about, to give the focus back to
  const closeNote = (focus) => {
    if (note.hidden) return;
    const inside = note.contains(document.activeElement);
    note.hidden = true;
    if (focus && inside) noted?.focus();
  };
  /* Beside the point, so that a pointer that moves sideways stays on the same row and reaches the note. */
  const openNote = (home, x, y, ...parts) => {
    note.replaceChildren(...parts);
    home.append(note);
    note.hidden = false;
    const box = home.getBoundingClientRect(), room = Math.min(box.right, document.documentElement.clientWidth);
    const right = x + 12 + note.offsetWidth <= room, left = x - 12 - note.offsetWidth >= Math.max(box.left, 0);
    const from = right ? x + 12 : left ? x - 12 - note.offsetWidth : Math.max(box.left, 0, room - note.offsetWidth);
    const top = right || left ? Math.min(y - 12, innerHeight - note.offsetHeight - 8) : y + 16;
    note.style.left = `${from - box.left}px`;
    note.style.top = `${Math.max(top, 8) - box.top}px`;
  };
  const told = (row) => {
    const heads = row.closest("table").tHead.rows[0].cells;
    return [...row.cells].slice(1).map((cell, index) => [plain(heads[index + 1]), plain(cell)]);
  };
  const unitOf = (row) => {
    const unit = one(".e", row.closest(".tab"));
    return unit ? [make("p", { class: "noot-maat" }, `${text(unit).split(". ")[0].replace(/\.$/, "")}.`)] : [];
  };
  const aboutRow = (row) => {
    const list = make("dl");
    told(row).forEach(([name, said]) => list.append(make("div", {}, make("dt", {}, name), make("dd", {}, said))));
    return [make("p", { class: "noot-kop" }, plain(row.cells[0])), list, ...unitOf(row)];
  };

  /* ---- A mark and its row light up together ---- */
  const marksOf = (svg, key) => all(`path[data-rij="${CSS.escape(key)}"]`, svg);
  const bandOf = (svg, marks) => {
    const frame = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / frame.width;
    const boxes = marks.map((mark) => mark.getBoundingClientRect());
    const top = Math.min(...boxes.map((box) => box.top)), bottom = Math.max(...boxes.map((box) => box.bottom));
    const band = document.createElementNS(svg.namespaceURI, "rect");
    const { x, width } = svg.viewBox.baseVal;
    const y = (top - frame.top) * scale - 4, height = (bottom - top) * scale + 8;
    Object.entries({ class: "band", x, width, y, height }).forEach(([name, size]) => band.setAttribute(name, size));
    svg.prepend(band);
  };
  /* A key may be drawn in several blocks: marks that stand at one height are one row. */
  const rowsOf = (marks) => {
    const rows = [];
    for (const mark of marks) {
      const box = mark.getBoundingClientRect(), middle = (box.top + box.bottom) / 2;
      const row = rows.find((one) => Math.abs(one.middle - middle) < 20);
      if (row) row.marks.push(mark); else rows.push({ middle, marks: [mark] });
    }
    return rows.map((row) => row.marks);
  };
  let lit = "";
  const light = (key, section) => {
    if (key === lit) return;
    all(".band").forEach((band) => band.remove());
    all("tr.licht").forEach((row) => row.classList.remove("licht"));
    lit = key;
    if (!key) return;
    all(`tr[data-rij="${CSS.escape(key)}"]`, section).forEach((row) => row.classList.add("licht"));
    for (const svg of all("svg.grafiek[viewBox][role]", section)) {
      const marks = svg.getClientRects().length ? marksOf(svg, key) : [];
      rowsOf(marks).forEach((row) => bandOf(svg, row));
    }
  };

  /* ---- Charts ---- */
  const rowOf = (figure, key) => one(`details tr[data-rij="${CSS.escape(key)}"]`, figure);
  const nearest = (svg, y) => {
    let best = null, distance = 22; // a finger is wide
    for (const mark of all("path[data-rij]", svg)) {
      const box = mark.getBoundingClientRect();
      const off = Math.max(box.top - y, y - box.bottom, 0);
      if (off < distance) [best, distance] = [mark.dataset.rij, off];
    }
    return best;
  };
  const showMark = (figure, key, x, y) => {
    const row = rowOf(figure, key), section = figure.closest("section");
    if (!row) return;
    light(key, section);
    const own = all("table[id] tr[data-rij]", section).find((other) => other.dataset.rij === key);
    const target = own && one("td[id]", own)?.id;
    const link = target ? [make("a", { href: `#${target}` }, "Naar de tabel")] : [];
    noted = one(".loper", figure);
    openNote(figure, x, y, ...aboutRow(row), ...link);
  };
  const leave = () => { closeNote(false); light(""); };

  /* A slider walks along the marks: by keyboard, by touch, and with what it stands on read aloud. */
  const walker = (figure) => {
    const keys = all("details tr[data-rij]", figure).map((row) => row.dataset.rij);
    const name = text(one("figcaption .nr", figure)).replace(".", "");
    const unit = unitOf(rowOf(figure, keys[0])).map(text).join("").replace(/\.$/, "").toLowerCase();
    const slider = make("input", {
      type: "range", min: 1, max: keys.length, value: 1, class: "loper",
      "aria-label": `Loop langs de regels van ${name}${unit && `, ${unit}`}`,
    });
    const show = () => {
      const key = keys[slider.value - 1], row = rowOf(figure, key);
      const lines = told(row).map(([head, said]) => `${head}: ${said}`);
      slider.setAttribute("aria-valuetext", [plain(row.cells[0]), ...lines].join("; "));
      if (document.activeElement !== slider) return;
      const svg = all("svg[role]", figure).find((drawing) => drawing.getClientRects().length);
      const mark = marksOf(svg, key)[0];
      if (!mark) return leave();
      mark.scrollIntoView({ block: "nearest" });
      const box = mark.getBoundingClientRect();
      showMark(figure, key, box.right + 60, box.bottom - 6); // past the number beside it
    };
    slider.addEventListener("input", show);
    slider.addEventListener("focus", show);
    slider.addEventListener("keydown", (event) => {
      if (event.key === "Enter") one("a", note)?.click();
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key]; // rows stand under one another
      if (!way) return;
      event.preventDefault();
      slider.valueAsNumber += way;
      show();
    });
    slider.addEventListener("blur", (event) => { if (!note.contains(event.relatedTarget)) leave(); });
    show();
    return slider;
  };

  const switcher = (figure, template) => {
    const caption = one("figcaption", figure);
    const views = { bedrag: [...all(":scope > .ft, :scope > .fs", caption), ...all(":scope > svg[role]", figure)] };
    const other = document.importNode(template.content, true);
    views.deel = [...other.children];
    const legend = one(".leg", caption);
    views.deel.forEach((element) => {
      element.classList.add("weg");
      if (element.matches("p")) caption.insertBefore(element, legend); else figure.insertBefore(element, template);
    });
    const ident = one(".ft", caption).id; // by which a screen reader names the figure: that of the finding in view
    const choose = (choice) => Object.entries(views).forEach(([view, elements]) => elements.forEach((element) => {
      element.classList.toggle("weg", view !== choice);
      if (element.matches(".ft")) element.id = view === choice ? ident : `${ident}-weg`;
    }));
    const radio = (view, label) => make("label", {}, make("input", {
      type: "radio", name: `toon-${figure.id}`, value: view, checked: view === "bedrag" && "",
      onchange: () => { leave(); choose(view); },
    }), ` ${label}`);
    return make("fieldset", { class: "keuze" }, make("legend", {}, "Toon"), radio("bedrag", "bedrag"),
      radio("deel", template.dataset.naam));
  };

  for (const figure of all("figure[id]")) {
    const template = one("template", figure);
    if (template) one(".balk", figure).append(switcher(figure, template));
    one(".bron", figure).append(" ", linkTo(figure.id, text(one(".nr", figure))));
    if (!one("path[data-rij]", figure)) continue;
    one("figcaption", figure).append(walker(figure));
    figure.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" || note.contains(event.target) || event.target.closest("details")) return;
      const svg = event.target.closest("svg[role]"), key = svg && nearest(svg, event.clientY);
      if (key) showMark(figure, key, event.clientX, event.clientY); else leave();
    });
    figure.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") leave(); });
    figure.addEventListener("click", (event) => {
      const svg = event.target.closest("svg[role]"), key = svg && nearest(svg, event.clientY);
      if (key) showMark(figure, key, event.clientX, event.clientY);
    });
  }

  /* ---- Tables ---- */
  const bare = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, ""); // Financiën is found as financien
  const rank = (cell) => cell.dataset.orde ?? value(cell);
  const compare = (column, sign) => ([left], [right]) => {
    const [a, b] = [left, right].map((row) => row.cells[column]);
    const [m, n] = [a, b].map((cell) => (cell ? rank(cell) : null));
    if (m === null && n === null) return sign * plain(a ?? left).localeCompare(plain(b ?? right), "nl", { numeric: true });
    if (m === null || n === null) return m === null ? 1 : -1; // what is unknown comes last, either way
    return sign * (m - n);
  };

  const addCopies = (table) => {
    const place = table.closest(".tab");
    one(".haal", place).append(" ",
      named("Kopieer tabel", text(one(".nr", place)), () => copy(forSpreadsheet(shown(table)), "De tabel is gekopieerd.")), " ",
      linkTo(place.id, text(one(".nr", place))));
  };

  const equip = (table, bar) => {
    const heads = [...table.tHead.rows[0].cells], names = heads.map(text);
    const body = table.tBodies[0], source = [...body.rows], foot = table.tFoot;
    const isSum = (row) => row.matches(".subtotaal, .totaal");
    const lines = source.filter((row) => !isSum(row));
    const groups = []; // a part ("waarvan") stays with the line it is a part of
    lines.forEach((row) => (row.matches(".waarvan") && groups.length ? groups.at(-1).push(row) : groups.push([row])));
    const state = { column: null, sign: 1, words: "", above: false };
    const counted = make("span", { class: "telling", role: "status" });

    const draw = () => {
      const sorted = () => [...groups].sort(compare(state.column, state.sign)).flat();
      const ordered = state.column === null ? source : sorted();
      const searched = bare(state.words).split(/\s+/).filter(Boolean);
      const filtered = searched.length || state.above;
      body.append(...ordered);
      for (const row of source) {
        const said = filtered ? bare(text(row)) : "";
        const out = (state.above && !row.matches(".grens")) || !searched.every((word) => said.includes(word));
        row.hidden = isSum(row) ? Boolean(filtered) || state.column !== null : out;
      }
      const left = lines.filter((row) => !row.hidden).length;
      const whole = foot && filtered ? "; het totaal is van alle regels" : "";
      const none = left ? `${left} van ${lines.length} regels${whole}` : "Geen regels gevonden";
      counted.textContent = filtered ? none : "";
      heads.forEach((head, column) => {
        const way = state.sign > 0 ? "ascending" : "descending";
        if (column === state.column) head.setAttribute("aria-sort", way); else head.removeAttribute("aria-sort");
      });
      order.value = state.column === null ? "" : `${state.column} ${state.sign}`;
    };
    const sort = (column, sign) => { Object.assign(state, { column, sign }); draw(); };
    const turn = (column) => {
      if (state.column !== column) sort(column, 1);
      else if (state.sign > 0) sort(column, -1);
      else sort(null, 1);
    };

    /* Wide: press a column's name. On a phone, where names may be out of sight: choose from a list. */
    const order = make("select", { onchange: () => {
      const [column, sign] = order.value.split(" ").map(Number);
      if (order.value) sort(column, sign); else sort(null, 1);
    } }, make("option", { value: "" }, "de pagina"));
    const inColumn = (holds) => (column) => lines.some((row) => row.cells[column] && holds(row.cells[column]));
    const ranked = inColumn((cell) => cell.dataset.orde);
    const amounts = inColumn((cell) => value(cell) !== null);
    const sortable = (column) => heads[column].matches(".sorteert"); // no one sorts sentences
    names.forEach((name, column) => {
      if (!sortable(column)) return;
      const ways = ranked(column) ? ["meeste zorg eerst", "minste zorg eerst"]
        : amounts(column) ? ["laag naar hoog", "hoog naar laag"] : ["A tot Z", "Z tot A"];
      ways.forEach((way, index) => order.append(make("option", { value: `${column} ${index ? -1 : 1}` }, `${name}: ${way}`)));
    });
    const dress = (plainly) => heads.forEach((head, column) => {
      head.replaceChildren(plainly || !sortable(column) ? names[column] : button(names[column], () => turn(column), "sorteer"));
    });
    let printing = false; // on paper a head is repeated only if it holds no buttons
    const dressAgain = () => dress(printing || PHONE.matches);
    dressAgain();
    PHONE.addEventListener("change", dressAgain);
    addEventListener("beforeprint", () => { printing = true; dressAgain(); });
    addEventListener("afterprint", () => { printing = false; dressAgain(); });

    bar.append(make("label", { class: "volgorde" }, "Volgorde van ", order));
    if (lines.some((row) => row.matches(".grens"))) {
      const box = make("input", { type: "checkbox", onchange: () => { state.above = box.checked; draw(); } });
      bar.append(make("label", {}, box, " alleen boven de grens"));
    }
    if (!bar.matches(".kort")) {
      const field = make("input", { type: "search", oninput: () => { state.words = field.value; draw(); } });
      bar.append(make("label", {}, "Zoek ", field));
    }
    bar.append(counted);
  };
  for (const table of all(".tab[id] table")) {
    const bar = one(".balk", table.closest(".tab"));
    if (bar) equip(table, bar);
    addCopies(table);
  }

  /* ---- One stop per table: from number to number by arrow, and on Enter what it is and a link to it ---- */
  const aboutCell = (cell) => {
    const heads = cell.closest("table").tHead.rows[0].cells;
    const number = make("dl", {}, make("div", {}, make("dt", {}, plain(heads[cell.cellIndex])), make("dd", {}, plain(cell))));
    return [make("p", { class: "noot-kop" }, plain(cell.parentElement.cells[0])), number, ...unitOf(cell),
      button("Kopieer link", async () => { await copyLink(cell.id); closeNote(true); })];
  };
  const openCell = (cell) => {
    const box = cell.getBoundingClientRect();
    noted = one(".vast", cell);
    openNote(cell.closest("section"), box.right, box.bottom + 16, // under the number, not over it
      ...aboutCell(cell));
    one("button", note).focus();
  };
  const hold = (cell, focus) => {
    const table = cell.closest("table"), held = one(".vast", table);
    if (held && !cell.contains(held)) held.replaceWith(...held.childNodes);
    if (!one(".vast", cell)) {
      const holder = make("button", { type: "button", class: "vast" });
      holder.append(...cell.childNodes);
      cell.append(holder);
    }
    if (focus) one(".vast", cell).focus();
  };
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const move = (cell, [down, right]) => {
    const rows = shown(cell.closest("table"));
    const row = rows[rows.indexOf(cell.parentElement) + down];
    const next = row?.cells[cell.cellIndex + right];
    if (next?.id) hold(next, true);
  };
  for (const table of all("table[id]")) {
    const first = one("td[id]", table);
    if (!first) continue;
    hold(first, false);
    table.addEventListener("keydown", (event) => {
      const cell = event.target.closest("td[id]");
      if (!cell || !STEPS[event.key]) return;
      event.preventDefault();
      closeNote(false);
      move(cell, STEPS[event.key]);
    });
    table.addEventListener("click", (event) => {
      const cell = event.target.closest("td[id]");
      if (!cell || event.target.closest("a") || !getSelection().isCollapsed) return;
      hold(cell, true);
      openCell(cell);
    });
  }
  for (const table of all("table[id], details.cijfers table")) {
    const lightRow = (event) => light(event.target.closest("tr")?.dataset.rij ?? "", table.closest("section"));
    table.addEventListener("pointerover", (event) => { if (event.pointerType === "mouse") lightRow(event); });
    table.addEventListener("pointerleave", () => light(""));
    table.addEventListener("focusin", lightRow);
    table.addEventListener("focusout", () => light(""));
  }
  /* A link to a cell that a filter hides takes the filter away. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const row = link && document.getElementById(decodeURIComponent(link.hash.slice(1)))?.closest("tr");
    if (!row?.hidden) return;
    for (const field of all("input", one(".balk", row.closest(".tab")))) {
      Object.assign(field, { value: field.type === "search" ? "" : field.value, checked: false });
      field.dispatchEvent(new Event(field.type === "search" ? "input" : "change"));
    }
  });

  /* ---- The page ---- */
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { closeNote(true); light(""); } });
  document.addEventListener("click", (event) => {
    const kept = note.contains(event.target) ? !event.target.closest("a") : event.target.closest("svg[role], td[id]");
    if (!note.hidden && !kept) leave();
  });
  addEventListener("beforeprint", () => all("details.rest").forEach((fold) => { fold.open = true; }));
  all(".telnav a").forEach((link) => link.addEventListener("click", () => { one(".telnav details").open = false; }));
  const seen = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) =>
    all("nav a").forEach((link) => {
      if (link.hash === `#${target.id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    })), { rootMargin: "-20% 0% -75%" });
  all("main > section").forEach((section) => seen.observe(section));
})();
