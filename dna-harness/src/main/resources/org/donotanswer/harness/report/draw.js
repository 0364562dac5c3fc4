'use strict';

/* Drawing tools: colours of the page, text that fits, tips and legends. No text is ever parsed as HTML. */
const draw = (() => {
  const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'circle', 'rect', 'triangle', 'diamond'];
  const LINES = ['solid', 'solid', 'solid', 'solid', 'dashed', 'dashed', 'dashed', 'dashed'];
  const PATHS = {
    circle: 'M6 1a5 5 0 1 1 0 10a5 5 0 1 1 0-10Z',
    rect: 'M1.5 1.5h9v9h-9Z',
    triangle: 'M6 1l5.5 10h-11Z',
    diamond: 'M6 0l6 6l-6 6l-6-6Z',
  };
  const FONT_SIZE = 13;
  const LINE_HEIGHT = 17;
  const SVG = 'http://www.w3.org/2000/svg';

  const pen = document.createElement('canvas').getContext('2d');
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);

  const series = (index) => `--series-${index % SYMBOLS.length + 1}`;

  /* Returns a colour of the page's style as [red, green, blue], in the current theme. */
  function rgb(name) {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  }

  const css = (colour) => `rgb(${colour.map(Math.round).join(',')})`;
  const colour = (name) => css(rgb(name));
  const font = () => getComputedStyle(document.body).fontFamily;

  const mix = (from, to, weight) => from.map((value, i) => value + (to[i] - value) * weight);

  /* WCAG 2's relative luminance. */
  function luminance(colour) {
    const [red, green, blue] = colour.map((value) => {
      const level = value / 255;
      return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  /* Returns black or white, whichever is easier to read on the colour. */
  function onto(ground) {
    const [dark, light] = [[0, 0, 0], [255, 255, 255]];
    return css(contrast(ground, dark) >= contrast(ground, light) ? dark : light);
  }

  function width(text, size = FONT_SIZE, weight = 400) {
    pen.font = `${weight} ${size}px ${font()}`;
    return pen.measureText(text).width;
  }

  /* Returns the longest prefix of the text that fits: at least one character, and only whole ones. */
  function fitting(text, room, size, end = '') {
    const characters = [...text];
    while (characters.length > 1 && width(characters.join('') + end, size) > room) {
      characters.pop();
    }
    return characters.join('');
  }

  /* Returns the text as lines that fit; if there are too many, the last one ends in an ellipsis. */
  function wrap(text, room, most, size = FONT_SIZE) {
    const lines = [''];
    for (const word of text.split(/\s+|(?<=[-/,])/).filter((part) => part)) {
      const line = lines[lines.length - 1];
      const glue = line && !(/[-/]$/.test(line) && text.includes(line.split(' ').pop() + word)) ? ' ' : '';
      if (!line || width(line + glue + word, size) <= room) {
        lines[lines.length - 1] = line + glue + word;
      } else {
        lines.push(word);
      }
      let last = lines[lines.length - 1];
      while (width(last, size) > room && [...last].length > 1) {
        const start = fitting(last, room, size);
        lines[lines.length - 1] = start;
        last = last.slice(start.length);
        lines.push(last);
      }
    }
    if (lines.length > most) {
      lines.length = most;
      lines[most - 1] = `${fitting(lines[most - 1], room, size, '…')}…`;
    }
    return lines;
  }

  const widest = (texts, size) => Math.max(0, ...texts.map((text) => width(text, size)));

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) {
      made.className = className;
    }
    made.append(...children);
    return made;
  }

  /* Returns a tip: a heading, and pairs of a name and a value. */
  function tip(heading, pairs) {
    const lines = pairs.map(([name, value]) => element('div', '', element('span', '', name), element('span', '', value)));
    const made = element('div', 'tip', element('b', '', heading), ...lines);
    made.dir = 'auto';
    return made;
  }

  const mark = (index, byShape) => PATHS[byShape ? SYMBOLS[index % SYMBOLS.length] : 'rect'];

  function swatch(index, byShape) {
    const svg = document.createElementNS(SVG, 'svg');
    const path = document.createElementNS(SVG, 'path');
    svg.setAttribute('width', '12');
    svg.setAttribute('height', '12');
    svg.setAttribute('aria-hidden', 'true');
    path.setAttribute('d', mark(index, byShape));
    path.setAttribute('fill', `var(${series(index)})`);
    svg.append(path);
    return svg;
  }

  /* Returns a list of buttons that show and hide the series. */
  function legend(names, byShape, toggle) {
    const items = names.map((name, index) => {
      const label = element('span', '', name);
      label.dir = 'auto';
      const button = element('button', '', swatch(index, byShape), label);
      button.type = 'button';
      button.setAttribute('aria-pressed', 'true');
      button.addEventListener('click', () => {
        const shown = button.getAttribute('aria-pressed') !== 'true';
        button.setAttribute('aria-pressed', String(shown));
        toggle(index, shown);
      });
      return element('li', '', button);
    });
    return element('ul', 'legend', ...items);
  }

  return {
    FONT_SIZE, LINE_HEIGHT, SYMBOLS, LINES, series, rgb, css, colour, font, mix, onto, width, widest, wrap, tip, mark, legend, element,
  };
})();
