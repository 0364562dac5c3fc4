'use strict';

/* Heatmaps and confusion matrices. */
const heatmaps = (() => {
  const {NARROW, names, series, known, numbers, common, text, rect} = base;

  /* Returns how wide the cells must be so that every number can be read. */
  const neededBy = (chart, size) => Math.max(...numbers(chart).map((cell) => Math.ceil(draw.width(cell.shown, size)) + 6), 14);

  /* Returns the size of the cells, and the names of rows and columns as lines; names of columns that do not fit are rotated. */
  function layoutOf(chart, width, corner) {
    const narrow = width < NARROW;
    const size = narrow ? 11 : 12;
    const columns = series(chart);
    const titles = corner ? [...names(chart), `${corner[0]} \u2193`] : names(chart);
    const room = Math.min(Math.ceil(draw.widest(titles, size)) + 2, narrow ? 96 : 240);
    const left = room + 10;
    const wide = Math.min(Math.max((width - left - 4) / columns.length, neededBy(chart, size)), 110);
    const upright = columns.every((name) => draw.wrap(name, wide - 6, 9, size).length <= 3
      && name.split(/\s+/).every((word) => draw.width(word, size) <= wide - 4));
    const rowNames = names(chart).map((name) => draw.wrap(name, room, narrow ? 4 : 2, size));
    const columnNames = columns.map((name) => (upright
      ? draw.wrap(name, wide - 4, 3, size)
      : draw.wrap(name, 130, Math.max(1, Math.floor(wide / (size + 6))), size)));
    const most = (labels) => Math.max(...labels.map((lines) => lines.length));
    const head = upright ? most(columnNames) * (size + 4) + 12 : Math.ceil(draw.widest(columnNames.flat(), size)) + 14;
    const top = head + (corner ? 20 : 0);
    const high = Math.max(30, most(rowNames) * (size + 3) + 8);
    return {narrow, size, left, top, wide, high, upright, rowNames, columnNames, bottom: top + high * chart.rows.length};
  }

  /* Returns a grid of cells, each as dark as its intensity in 0..1. */
  function grid(chart, width, intensityOf, tipOf, ends, corner) {
    const layout = layoutOf(chart, width, corner);
    const {size, left, top, wide, high} = layout;
    const colours = [draw.rgb('--soft'), draw.rgb('--accent')];
    const surface = draw.colour('--surface');
    const font = `${size}px ${draw.font()}`;
    const axis = (labels, label) => ({
      type: 'category',
      data: labels.map((lines) => lines.join('\n')),
      axisLine: {show: false},
      axisTick: {show: false},
      axisLabel: {interval: 0, fontSize: size, lineHeight: size + 3, color: draw.colour('--text'), ...label},
    });
    const drawCell = (params, api) => {
      const [c, r] = [api.value(0), api.value(1)];
      const [x, y] = api.coord([c, r]);
      const intensity = intensityOf(r, c);
      const ground = draw.mix(...colours, Math.min(Math.max(intensity, 0), 1));
      const blank = Number.isNaN(intensity);
      const children = [rect(x - wide / 2, y - high / 2, wide, high, blank ? 'transparent' : draw.css(ground), surface)];
      children.push(...text([blank ? '\u2013' : chart.rows[r][c + 1].shown], x, y,
        {align: 'center', fill: blank ? draw.colour('--muted') : draw.onto(ground), font}));
      return {type: 'group', children};
    };
    return {
      height: layout.bottom + 44,
      width: Math.max(width, left + wide * series(chart).length + 4),
      option: {
        ...common(),
        grid: {left, top, width: wide * series(chart).length, height: high * chart.rows.length},
        xAxis: {...axis(layout.columnNames, layout.upright ? {} : {rotate: -90}), position: 'top'},
        yAxis: {...axis(layout.rowNames, {align: 'right'}), inverse: true},
        graphic: [...scale(layout.narrow ? 0 : left, layout.bottom + 16, ...colours, ends), ...sides(corner, left, top, size)],
        series: [{
          type: 'custom',
          emphasis: {disabled: true},
          data: chart.rows.flatMap((row, r) => series(chart).map((name, c) => [c, r])),
          tooltip: {formatter: ({value: [c, r]}) => tipOf(chart.rows[r], c)},
          renderItem: drawCell,
        }],
      },
    };
  }

  /* Labels the rows and the columns. */
  function sides(corner, left, head, size) {
    const style = {font: `${size}px ${draw.font()}`, fill: draw.colour('--muted'), verticalAlign: 'middle'};
    return corner ? [
      {type: 'text', silent: true, x: left - 10, y: head - 12, style: {...style, text: `${corner[0]} \u2193`, align: 'right'}},
      {type: 'text', silent: true, x: left, y: 8, style: {...style, text: `${corner[1]} \u2192`}},
    ] : [];
  }

  function scale(left, top, low, high, [from, to]) {
    const fill = draw.colour('--muted');
    const style = {fontFamily: draw.font(), fontSize: 12, fill};
    const start = Math.ceil(draw.width(from, 12)) + 8;
    const gradient = {
      type: 'linear', x: 0, y: 0, x2: 1, y2: 0,
      colorStops: [{offset: 0, color: draw.css(low)}, {offset: 1, color: draw.css(high)}],
    };
    return [
      {type: 'text', silent: true, left, top, style: {...style, text: from}},
      {type: 'rect', silent: true, left: left + start, top: top + 1, shape: {width: 90, height: 11},
        style: {fill: gradient, stroke: draw.colour('--line')}},
      {type: 'text', silent: true, left: left + start + 98, top, style: {...style, text: to}},
    ];
  }

  /* Returns the chart with rows as columns. */
  const transposed = (chart) => ({
    ...chart,
    columns: [chart.columns[0], ...names(chart)],
    rows: series(chart).map((name, c) => [{text: name}, ...chart.rows.map((row) => row[c + 1])]),
  });

  function heatmap(given, width) {
    // Where there is little room, the shorter side lies across.
    const crowded = width < NARROW && series(given).length > given.rows.length;
    const chart = crowded ? transposed(given) : given;
    const cells = numbers(chart);
    const by = (a, b) => a.value - b.value;
    const sorted = [...cells].sort(by);
    const [first, last] = [sorted[0], sorted[sorted.length - 1]];
    const least = chart.minimum ?? first?.value ?? 0;
    const most = chart.maximum ?? last?.value ?? 1;
    const intensityOf = (r, c) => {
      const cell = chart.rows[r][c + 1];
      return known(cell) ? (most > least ? (cell.value - least) / (most - least) : 0.5) : NaN;
    };
    const tipOf = (row, c) => draw.tip(row[0].text, [[chart.columns[c + 1], row[c + 1].text]]);
    const ends = [chart.minimum === undefined ? first?.shown ?? '' : String(least), chart.maximum === undefined ? last?.shown ?? '' : String(most)];
    return grid(chart, width, intensityOf, tipOf, ends);
  }

  function confusion(chart, width) {
    const sums = chart.rows.map((row) => row.slice(1).filter(known).reduce((sum, cell) => sum + cell.value, 0));
    const intensityOf = (r, c) => {
      const cell = chart.rows[r][c + 1];
      return known(cell) ? (sums[r] > 0 ? cell.value / sums[r] : 0) : NaN;
    };
    const tipOf = (row, c) => {
      const proportion = intensityOf(chart.rows.indexOf(row), c);
      const percent = sums[chart.rows.indexOf(row)] > 0 ? `${(100 * proportion).toFixed(1)} % of the row` : '';
      return draw.tip(`${chart.columns[0]}: ${row[0].text}`, [[`predicted: ${chart.columns[c + 1]}`, row[c + 1].text], ['', percent]]);
    };
    return grid(chart, width, intensityOf, tipOf, ['0 %', '100 % of the row'],
      [draw.wrap(chart.columns[0], width < NARROW ? 84 : 200, 1, 12)[0], 'predicted']);
  }

  return {heatmap, confusion};
})();
