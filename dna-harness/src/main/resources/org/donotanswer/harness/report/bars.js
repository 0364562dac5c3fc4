'use strict';

/*
 * Charts with a row for each category: its name at the left, or above if there is little room, then marks along an axis, then a
 * text at the right. A chart is a function of the data, the available width and the hidden series; it returns its height and
 * ECharts' options. A number that is not defined has no mark.
 */
const barCharts = (() => {
  const {LINE_HEIGHT} = draw;
  const {NARROW, GAP, names, series, known, extent, common, valueAxis, startOf, text, rect, whisker, tipOfRow} = base;
  const AXIS_HEIGHT = 28;

  /* Returns the positions of the rows. The vertical axis counts pixels, so rows may differ in height. */
  function rowLayout(chart, width, thickness, asides) {
    const narrow = width < NARROW;
    const aside = asides.length ? Math.ceil(draw.widest(asides)) + GAP : 24;
    const room = narrow
      ? width - aside - 4
      : Math.min(Math.ceil(draw.widest(names(chart))) + 2, Math.max(width * 0.34, 150), 300);
    let y = 0;
    const rows = names(chart).map((name) => {
      const lines = draw.wrap(name, room, 3);
      const high = lines.length * LINE_HEIGHT;
      const row = narrow
        ? {lines, labelY: y + 6 + LINE_HEIGHT / 2, middle: y + 6 + high + 4 + thickness / 2, height: high + thickness + 18}
        : {lines, height: Math.max(high, thickness) + 14};
      if (!narrow) {
        row.middle = y + row.height / 2;
        row.labelY = row.middle - (lines.length - 1) * LINE_HEIGHT / 2;
      }
      row.top = y;
      y += row.height;
      return row;
    });
    const left = narrow ? 0 : room + GAP;
    const right = narrow ? 6 : aside;
    return {narrow, rows, height: y, left, right, width, asideX: width};
  }

  function rowOption(chart, layout, marks, tipOf, zero, asideOf) {
    const muted = draw.colour('--muted');
    const colour = draw.colour('--text');
    const xAxis = valueAxis(chart, zero);
    if (layout.narrow || !asideOf) {
      Object.assign(xAxis.axisLabel, {alignMinLabel: 'left', alignMaxLabel: 'right'});
    }
    return {
      ...common(),
      grid: {left: layout.left, right: layout.right, top: 0, height: layout.height},
      xAxis,
      yAxis: {type: 'value', min: 0, max: layout.height, inverse: true, show: false},
      series: [
        {
          // Invisible: makes the axis include all numbers.
          type: 'scatter', silent: true, symbolSize: 0, data: extent(chart).map((value) => [value, 0]),
        },
        {
          type: 'custom',
          emphasis: {disabled: true},
          clip: false,
          data: chart.rows.map((row, i) => [i]),
          encode: {x: -1, y: -1},
          tooltip: {formatter: ({dataIndex}) => tipOf(chart.rows[dataIndex])},
          renderItem: (params, api) => {
            const row = chart.rows[params.dataIndex];
            const place = layout.rows[params.dataIndex];
            const x = (value) => api.coord([value, 0])[0];
            const children = [
              rect(0, place.top, layout.width, place.height, 'transparent'),
              ...text(place.lines, layout.narrow ? 0 : layout.left - GAP, place.labelY,
                {fill: colour, align: layout.narrow ? 'left' : 'right'}),
              ...marks(row, place, x, api),
            ];
            if (asideOf) {
              children.push(...text([asideOf(row)], layout.asideX, layout.narrow ? place.labelY : place.middle,
                {fill: muted, align: 'right'}));
            }
            return {type: 'group', children};
          },
        },
      ],
    };
  }

  function intervals(chart, width) {
    const asideOf = (row) => row[1].text;
    const layout = rowLayout(chart, width, 16, chart.rows.map(asideOf));
    const accent = draw.colour('--accent');
    const marks = (row, place, x) => {
      const cell = row[1];
      return known(cell)
        ? [...whisker(cell, place.middle, x, accent, 4, 2),
          {type: 'circle', shape: {cx: x(cell.value), cy: place.middle, r: 5.5}, style: {fill: accent}}]
        : [];
    };
    const tipOf = (row) => draw.tip(row[0].text, [[chart.columns[1], row[1].text]]);
    return {height: layout.height + AXIS_HEIGHT, option: rowOption(chart, layout, marks, tipOf, false, asideOf), note: startOf(chart, false)};
  }

  function bars(chart, width, hidden) {
    const shown = series(chart).map((name, s) => s).filter((s) => !hidden.has(s));
    const single = series(chart).length === 1;
    const bar = single ? 16 : 10;
    const step = bar + 3;
    const layout = rowLayout(chart, width, step * Math.max(shown.length, 1), single ? chart.rows.map((row) => row[1].text) : []);
    const colours = series(chart).map((name, s) => draw.colour(single ? '--accent' : draw.series(s)));
    const whiskers = draw.colour('--text');
    const start = valueAxis(chart, true).min ?? 0;
    const marks = (row, place, x, api) => shown.flatMap((s, i) => {
      const cell = row[s + 1];
      if (!known(cell)) {
        return [];
      }
      const y = place.middle + (i - (shown.length - 1) / 2) * step;
      const [from, to] = [Math.max(x(start), layout.left), x(cell.value)].sort((a, b) => a - b);
      return [rect(from, y - bar / 2, to > from ? Math.max(to - from, 1) : 0, bar, colours[s]), ...whisker(cell, y, x, whiskers, 3, 1)];
    });
    const option = rowOption(chart, layout, marks, tipOfRow(chart, hidden), true, single ? (row) => row[1].text : undefined);
    return {height: layout.height + AXIS_HEIGHT, option, note: startOf(chart, true)};
  }

  function stackedBars(chart, width, hidden) {
    const layout = rowLayout(chart, width, 22, []);
    const grounds = series(chart).map((name, s) => draw.rgb(draw.series(s)));
    const surface = draw.colour('--surface');
    const marks = (row, place, x) => {
      const cells = row.slice(1).map((cell, s) => ({...cell, s})).filter((cell) => known(cell) && !hidden.has(cell.s));
      const sum = cells.reduce((total, cell) => total + cell.value, 0);
      let before = 0;
      return sum > 0 ? cells.flatMap((cell) => {
        const from = x(100 * before / sum);
        before += cell.value;
        const wide = x(100 * before / sum) - from;
        const parts = [rect(from, place.middle - 11, wide, 22, draw.css(grounds[cell.s]), surface)];
        if (draw.width(cell.shown, 12) + 8 <= wide) {
          parts.push(...text([cell.shown], from + wide / 2, place.middle,
            {fill: draw.onto(grounds[cell.s]), align: 'center', font: `12px ${draw.font()}`}));
        }
        return parts;
      }) : [];
    };
    const option = rowOption(chart, layout, marks, tipOfRow(chart, hidden), true);
    Object.assign(option.xAxis, {min: 0, max: 100, interval: 20});
    option.series[0].data = [];
    option.xAxis.axisLabel.formatter = (value) => `${value} %`;
    return {height: layout.height + AXIS_HEIGHT, option};
  }

  return {intervals, bars, stackedBars};
})();
