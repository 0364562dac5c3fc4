'use strict';

/*
 * Searches and filters the responses, and shows each with its reviews, once the rest of the page is shown. All texts are shown as
 * text, never parsed as HTML.
 */
setTimeout(() => {
  const source = document.getElementById('_answers-data');
  if (!source) {
    return;
  }
  const {element} = draw;
  const PAGE = 25;
  const byId = (id) => document.getElementById(id);
  const {rows, reviewers, texts} = JSON.parse(source.textContent);
  source.remove();
  const lower = (text) => text.normalize('NFKC').toLowerCase();

  /* Texts as they are searched: those of the instructions once, as LLMs share them. */
  const lowerTexts = new Map();
  const lowerOf = (index) => {
    if (!lowerTexts.has(index)) {
      lowerTexts.set(index, lower(texts[index]));
    }
    return lowerTexts.get(index);
  };
  const answers = rows.map(([llm, id, type, instruction, response, verdicts], position) => ({
    position, llm, id, type, instruction, response,
    verdicts: new Map(verdicts.map(([reviewer, harmful, action, text]) => [reviewer, {harmful, action, text}])),
    lowerId: lower(id), lowerInstruction: lowerOf(instruction), lowerResponse: lower(response),
  }));

  /*
   * For each response, which runs of one to three characters it may have: a bit for the hash of each. Most responses without a word
   * need not be scanned for it. Made while the browser is idle; responses without their bits are scanned.
   */
  const BITS = 8192;
  const runs = new Uint32Array(answers.length * BITS / 32);
  let indexed = 0;
  const bitOf = (hash) => Math.imul(hash, 0x9E3779B1) >>> 19;

  /* Calls a function with the bit of each run of characters in a text, until it returns false. */
  function everyRun(text, accepts) {
    let [last, last2] = [0, 0];
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i) + 1;
      const ok = accepts(bitOf(char)) && (i < 1 || accepts(bitOf(last * 65599 + char)))
        && (i < 2 || accepts(bitOf(Math.imul(last2, 65599 * 31) + last * 65599 + char)));
      if (!ok) {
        return false;
      }
      [last2, last] = [last, char];
    }
    return true;
  }

  function indexSome() {
    const end = performance.now() + 15;
    for (; indexed < answers.length && performance.now() < end; indexed++) {
      const start = indexed * BITS / 32;
      everyRun(answers[indexed].lowerResponse, (bit) => {
        runs[start + (bit >>> 5)] |= 1 << (bit & 31);
        return true;
      });
    }
    if (indexed < answers.length) {
      setTimeout(indexSome);
    } else {
      form.dataset.indexed = 'true';
    }
  }

  function mayHave(position, bits) {
    const start = position * BITS / 32;
    return position >= indexed || bits.every((bit) => runs[start + (bit >>> 5)] & 1 << (bit & 31));
  }

  function bitsOf(word) {
    const bits = [];
    everyRun(word, (bit) => bits.push(bit));
    return bits;
  }

  const controls = Object.fromEntries(['llm', 'type', 'first', 'second', 'harm', 'action', 'dispute']
    .map((name) => [name, byId(`_find-${name}`)]));
  const search = byId('_find');
  const form = byId('_finder');
  const HARMS = new Map([[1, 'Harmful'], [0, 'Harmless'], [-1, 'No label']]);

  function fill(select, all, choices) {
    select.append(...(all ? [new Option(all, '')] : []), ...choices.map(([value, name]) => new Option(name, value)));
  }

  const distinct = (values) => [...new Set(values)].map((index) => [String(index), texts[index] || 'Not known']);
  const byName = ([, one], [, other]) => (one < other ? -1 : 1);
  fill(controls.llm, 'All', distinct(answers.map((answer) => answer.llm)));
  fill(controls.type, 'All', distinct(answers.map((answer) => answer.type)).sort(byName));
  const actions = answers.flatMap((answer) => [...answer.verdicts.values()].map((verdict) => verdict.action));
  fill(controls.action, 'All', distinct(actions).filter(([index]) => texts[index]).sort(byName));
  fill(controls.harm, 'All', [...HARMS].map(([value, name]) => [String(value), name]));
  const named = reviewers.map((name, index) => [String(index), name]);
  fill(controls.first, '', named);
  fill(controls.second, 'None', named);
  fill(controls.dispute, 'All', [
    ['harm', 'The two disagree on harm'], ['action', 'The two disagree on the action'],
    ['any-harm', 'Any disagree on harm'], ['any-action', 'Any disagree on the action'],
  ]);
  const second = controls.second.options[reviewers.length > 1 ? 2 : 0];
  second.defaultSelected = true;
  controls.first.options[0].defaultSelected = true;

  /* Returns whether verdicts, as far as they have a label, differ in it. */
  const differ = (verdicts, label, none) => new Set(verdicts.map((verdict) => verdict[label]).filter((value) => !none(value))).size > 1;
  const noHarm = (value) => value < 0;
  const noAction = (value) => !texts[value];

  /* Returns the filters in use, as functions of an answer. */
  function filters() {
    const {llm, type, harm, action, dispute} = Object.fromEntries(Object.entries(controls).map(([name, select]) => [name, select.value]));
    const two = (answer) => shown().map((reviewer) => answer.verdicts.get(reviewer)).filter((verdict) => verdict);
    const all = (answer) => [...answer.verdicts.values()];
    const used = [];
    const add = (value, filter) => value !== '' && used.push(filter);
    add(llm, (answer) => answer.llm === Number(llm));
    add(type, (answer) => answer.type === Number(type));
    add(harm, (answer) => shown().some((reviewer) => (answer.verdicts.get(reviewer)?.harmful ?? -1) === Number(harm)));
    add(action, (answer) => two(answer).some((verdict) => verdict.action === Number(action)));
    add(dispute, (answer) => {
      const verdicts = dispute.startsWith('any-') ? all(answer) : two(answer);
      return dispute.endsWith('harm') ? differ(verdicts, 'harmful', noHarm) : differ(verdicts, 'action', noAction);
    });
    lower(search.value).split(/\s+/).filter((word) => word).forEach((word) => {
      // An instruction is searched once, however many responses it has.
      const inInstruction = new Map();
      const bits = bitsOf(word);
      used.push((answer) => {
        let found = inInstruction.get(answer.instruction);
        if (found === undefined) {
          found = answer.lowerInstruction.includes(word);
          inInstruction.set(answer.instruction, found);
        }
        return found || answer.lowerId.startsWith(word) || (mayHave(answer.position, bits) && answer.lowerResponse.includes(word));
      });
    });
    return used;
  }

  const shown = () => [controls.first.value, controls.second.value].filter((value) => value !== '').map(Number);

  let found = answers;
  let page = 0;
  let [settingsBefore, queryBefore] = ['', ''];

  function find() {
    const used = filters();
    const settings = Object.values(controls).map((select) => select.value).join();
    const query = lower(search.value);
    // What is typed on can only narrow what was found.
    const among = settings === settingsBefore && query.startsWith(queryBefore) ? found : answers;
    found = used.length ? among.filter((answer) => used.every((filter) => filter(answer))) : answers;
    [settingsBefore, queryBefore] = [settings, query];
    page = 0;
    show();
  }

  const count = (number) => number.toLocaleString('en');

  function show() {
    const pages = Math.max(Math.ceil(found.length / PAGE), 1);
    byId('_find-count').textContent = `${count(found.length)} of ${count(answers.length)} responses`;
    byId('_answers').replaceChildren(...found.slice(page * PAGE, (page + 1) * PAGE).map(itemOf));
    byId('_pager').hidden = pages < 2;
    byId('_page').textContent = `Page ${count(page + 1)} of ${count(pages)}`;
    byId('_previous').disabled = page === 0;
    byId('_next').disabled = page === pages - 1;
  }

  const auto = (made) => {
    made.dir = 'auto';
    return made;
  };

  const labelOf = (verdict) => (verdict
    ? [HARMS.get(verdict.harmful), texts[verdict.action]].filter((part) => part).join(', ')
    : 'Not reviewed');

  /* Returns an answer as one line that can be opened; opening one closes the other. */
  function itemOf(answer) {
    const where = element('span', 'where', [texts[answer.llm], answer.id, texts[answer.type]].filter((part) => part).join(' · '));
    const verdicts = shown().map((reviewer) => {
      const verdict = answer.verdicts.get(reviewer);
      return element('span', verdict?.harmful === 1 ? 'verdict harmful' : 'verdict', `${reviewers[reviewer]}: ${labelOf(verdict)}`);
    });
    const summary = element('summary', '', auto(where), auto(element('span', 'asked', [...texts[answer.instruction].slice(0, 320)].slice(0, 160).join(''))),
      element('span', 'verdicts', ...verdicts));
    const item = element('details', 'answer', summary);
    item.setAttribute('name', '_answer');
    item.addEventListener('toggle', () => {
      if (item.open && item.childElementCount === 1) {
        item.append(bodyOf(answer));
      }
    });
    return item;
  }

  function bodyOf(answer) {
    const words = lower(search.value).split(/\s+/).filter((word) => word);
    const said = (name, text) => {
      const box = auto(element('div', 'said', ...marked(text, words)));
      box.tabIndex = 0;
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', name);
      return [element('h3', '', name), box];
    };
    const two = shown();
    const others = [...answer.verdicts.keys()].filter((reviewer) => !two.includes(reviewer));
    const sides = two.map((reviewer) => sideOf(reviewer, answer, two.map((each) => answer.verdicts.get(each))));
    const rest = others.map((reviewer) => auto(element('li', '', `${reviewers[reviewer]}: ${texts[answer.verdicts.get(reviewer).text]}`)));
    return element('div', 'opened', ...said('Instruction', texts[answer.instruction]), ...said('Response', answer.response),
      element('h3', '', 'Reviews'), element('div', 'sides', ...sides),
      ...(rest.length ? [element('h3', '', 'Other reviews'), element('ul', '', ...rest)] : []));
  }

  function sideOf(reviewer, answer, verdicts) {
    const verdict = answer.verdicts.get(reviewer);
    const known = verdicts.filter((each) => each);
    const line = (name, value, disputed) => element('div', disputed ? 'disputed' : '',
      element('dt', '', name), element('dd', '', value + (disputed ? ' (they disagree)' : '')));
    const lines = verdict ? [
      line('Harm', HARMS.get(verdict.harmful), differ(known, 'harmful', noHarm)),
      line('Action', texts[verdict.action] || 'No label', differ(known, 'action', noAction)),
      line('Review', texts[verdict.text], false),
    ] : [line('Harm', 'Not reviewed', false)];
    return auto(element('div', 'side', element('h4', '', reviewers[reviewer]), element('dl', '', ...lines)));
  }

  /* Returns the text as nodes in which the words are marked, as far as folding the case does not change its length. */
  function marked(text, words) {
    const folded = text.toLowerCase();
    if (!words.length || folded.length !== text.length) {
      return [text];
    }
    const nodes = [];
    let at = 0;
    while (at < text.length && nodes.length < 2000) {
      const [next, word] = words.map((each) => [folded.indexOf(each, at), each]).filter(([index]) => index >= 0)
        .sort((one, other) => one[0] - other[0])[0] ?? [];
      if (next === undefined) {
        break;
      }
      nodes.push(text.slice(at, next), element('mark', '', text.slice(next, next + word.length)));
      at = next + word.length;
    }
    return [...nodes, text.slice(at)];
  }

  function turn(by) {
    page += by;
    show();
    byId('_find-count').scrollIntoView({block: 'nearest'});
  }

  search.addEventListener('input', find);
  form.addEventListener('change', (event) => event.target !== search && find());
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(find));
  byId('_previous').addEventListener('click', () => turn(-1));
  byId('_next').addEventListener('click', () => turn(1));
  form.hidden = false;
  find();
  indexSome();
});
