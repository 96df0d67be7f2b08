/* The field stands on the page only when this runs, before the page is first drawn. */
(() => {
  const find = (name) => document.querySelector(name);
  const all = (name, from = document) => [...from.querySelectorAll(name)];
  const field = find('#zoek'), told = find('#gevonden'), root = document.documentElement;
  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const count = (n, one, more) => `${n.toLocaleString('nl-NL')} ${n === 1 ? one : more}`;
  const asked = () => {
    try { return decodeURIComponent(/^#zoek=(.*)/.exec(location.hash)?.[1] ?? ''); } catch { return ''; }
  };
  let rows = [], timer;

  const filter = () => {
    const words = fold(field.value).split(' ').filter(Boolean);
    const years = words.filter((word) => /^\d+$/.test(word)), names = words.filter((word) => !years.includes(word));
    const chosen = find('[name=jaar]:checked')?.value;
    let editions = 0, places = 0;
    for (const { row, name, links } of rows) {
      const named = names.every((word) => name.includes(word));
      let shown = 0;
      for (const [link, year] of links) {
        const fits = !years.length || years.some((word) => year.startsWith(word) || name.includes(word));
        link.hidden = !(named && fits && (!chosen || chosen === year));
        shown += !link.hidden;
      }
      row.hidden = !shown;
      editions += shown;
      places += shown > 0;
    }
    for (const part of all('.letter')) {
      const left = all('li:not([hidden]) > b', part);
      part.hidden = !left.length;
      part.style.setProperty('--rijen', left.reduce((sum, name) => sum + Math.ceil(name.textContent.length / 20), 0));
      find(`.letters [href="#${part.id}"]`).hidden = part.hidden;
    }
    for (const nav of all('.letters')) nav.hidden = !editions;
    return editions
      ? `${count(editions, 'uitgave', 'uitgaven')} van ${count(places, 'gemeente', 'gemeenten')}`
      : 'Geen uitgave gevonden. Kijk of de naam goed is geschreven, of kies bij jaar: alle.';
  };
  const tell = () => { told.textContent = filter(); };
  const typed = () => {
    const text = filter(), words = field.value.trim();
    if (find('main').getBoundingClientRect().top < 0) find('main').scrollIntoView();
    clearTimeout(timer);
    timer = setTimeout(() => { /* a reader hears the count once, and not after each key */
      told.textContent = text;
      history.replaceState(null, '', words ? `#zoek=${encodeURIComponent(words)}` : location.pathname + location.search);
    }, 300);
  };

  find('#zoekveld').hidden = false;
  field.value = asked();
  root.classList.toggle('zoekt', field.value !== '');
  field.addEventListener('input', typed);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && field.value) { event.preventDefault(); field.value = ''; typed(); }
  });
  addEventListener('change', (event) => { if (event.target.name === 'jaar') tell(); });
  addEventListener('hashchange', () => { if (location.hash.startsWith('#zoek=')) { field.value = asked(); tell(); } });
  addEventListener('pageshow', () => tell());
  document.addEventListener('DOMContentLoaded', () => {
    rows = all('.lijst > li').map((row) => ({
      row, name: fold(row.firstElementChild.textContent), links: all('a', row).map((link) => [link, link.className.slice(1)]),
    }));
    tell();
    root.classList.remove('zoekt');
  });
})();
