'use strict';

/* Saves charts as files: the chart with its caption, what its axis means, and its legend, in the colours of the page. */
const pictures = (() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const MARGIN = 16;
  const TITLE_SIZE = 15;
  const SHARPNESS = 2;

  function node(name, attributes, ...children) {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  }

  const textNode = (text, x, y, size, fill, weight = 400) =>
    node('text', {x, y, fill, 'font-size': size, 'font-weight': weight, 'font-family': draw.font()}, text);

  /* Returns the names of the series shown, each with its mark, in lines as wide as the picture. */
  function legendOf(names, width, top) {
    const parts = [];
    let [x, y] = [MARGIN, top];
    names.forEach(({name, index, byShape}) => {
      const wide = 18 + draw.width(name, 12) + 16;
      if (x > MARGIN && x + wide > width - MARGIN) {
        [x, y] = [MARGIN, y + 20];
      }
      const mark = node('path', {d: draw.mark(index, byShape), fill: draw.colour(draw.series(index)), transform: `translate(${x} ${y - 10})`});
      parts.push(mark, textNode(name, x + 18, y, 12, draw.colour('--text')));
      x += wide;
    });
    return {parts, bottom: names.length ? y + 14 : top - 12};
  }

  /* Returns a picture of a chart as a string of SVG, with its size. */
  function svgOf({svg, width, height, caption, note, names}) {
    const whole = Math.max(width, 320) + 2 * MARGIN;
    const parts = [];
    let y = MARGIN;
    draw.wrap(caption, whole - 2 * MARGIN, 6, TITLE_SIZE).forEach((line) => {
      y += 20;
      parts.push(textNode(line, MARGIN, y, TITLE_SIZE, draw.colour('--text'), 600));
    });
    draw.wrap(note, whole - 2 * MARGIN, 3, 12).forEach((line) => {
      y += 18;
      parts.push(textNode(line, MARGIN, y, 12, draw.colour('--muted')));
    });
    const legend = legendOf(names, whole, y + 24);
    const chart = svg.cloneNode(true);
    chart.removeAttribute('style');
    Object.entries({x: MARGIN, y: legend.bottom, width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': draw.font()})
      .forEach(([key, value]) => chart.setAttribute(key, value));
    const high = Math.ceil(legend.bottom + height + MARGIN);
    const root = node('svg', {width: whole, height: high, viewBox: `0 0 ${whole} ${high}`},
      node('rect', {width: '100%', height: '100%', fill: draw.colour('--surface')}), ...parts, ...legend.parts, chart);
    return {text: new XMLSerializer().serializeToString(root), width: whole, height: high};
  }

  function save(blob, name) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  const saveSvg = (name, picture) => save(new Blob([picture.text], {type: 'image/svg+xml'}), `${name}.svg`);

  async function savePng(name, picture) {
    const image = new Image();
    // The policy of the page allows images from data only.
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.text)}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = picture.width * SHARPNESS;
    canvas.height = picture.height * SHARPNESS;
    const pen = canvas.getContext('2d');
    pen.scale(SHARPNESS, SHARPNESS);
    pen.drawImage(image, 0, 0, picture.width, picture.height);
    canvas.toBlob((blob) => save(blob, `${name}.png`), 'image/png');
  }

  /* Returns buttons that save the picture that a function returns. */
  function buttons(name, caption, pictureOf) {
    const made = [['SVG', saveSvg], ['PNG', savePng]].map(([format, saveAs]) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = `Save as ${format}`;
      button.setAttribute('aria-label', `Save as ${format}: ${caption}`);
      button.addEventListener('click', () => saveAs(name, svgOf(pictureOf())));
      return button;
    });
    const list = document.createElement('div');
    list.className = 'save';
    list.append(...made);
    return list;
  }

  return {buttons};
})();
