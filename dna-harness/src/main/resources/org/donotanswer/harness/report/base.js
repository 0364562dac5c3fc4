'use strict';

/* What all charts share: names and numbers, marks, and axes of numbers. */
const base = (() => {
  const {FONT_SIZE, LINE_HEIGHT} = draw;

  const names = (chart) => chart.rows.map((row) => row[0].text);
  const series = (chart) => chart.columns.slice(1);
  const known = (cell) => cell?.value !== undefined;
  const numbers = (chart) => chart.rows.flatMap((row) => row.slice(1)).filter(known);

  function common() {
    return {
      animation: false,
      textStyle: {fontFamily: draw.font(), fontSize: FONT_SIZE, color: draw.colour('--text')},
      tooltip: {
        confine: true,
        backgroundColor: draw.colour('--surface'),
        borderColor: draw.colour('--line'),
        padding: [8, 12],
        transitionDuration: 0,
      },
    };
  }

  /* Returns a round step that divides the range evenly, if there is one. */
  function stepOf(range) {
    for (const digit of [1, 2, 5, 2.5]) {
      const power = 10 ** Math.floor(Math.log10(range / digit / 2.9));
      const count = range / (digit * power);
      if (count > 2.9 && count < 6.1 && Math.abs(count - Math.round(count)) < 1e-9) {
        return digit * power;
      }
    }
    return undefined;
  }

  /* Returns all numbers of a chart, including the ends of intervals. */
  const extent = (chart) => numbers(chart).flatMap((cell) => [cell.value, cell.lower, cell.upper])
    .filter((value) => value !== undefined);

  function valueAxis(chart, zero) {
    const axis = {
      type: 'value',
      scale: !zero,
      axisLine: {show: false},
      axisTick: {show: false},
      axisLabel: {
        color: draw.colour('--muted'), fontSize: 12, hideOverlap: true, formatter: (value) => String(value).replace('-', '\u2212'),
      },
      splitLine: {lineStyle: {color: draw.colour('--line')}},
      splitNumber: 4,
    };
    // A bound is ignored if figures lie outside.
    const reached = extent(chart);
    if (chart.minimum !== undefined && reached.every((value) => value >= chart.minimum)) {
      axis.min = chart.minimum;
    }
    if (chart.maximum !== undefined && reached.every((value) => value <= chart.maximum)) {
      axis.max = chart.maximum;
    }
    if (axis.min !== undefined && axis.max !== undefined) {
      axis.interval = stepOf(axis.max - axis.min);
    }
    return axis;
  }

  const text = (lines, x, y, style) => lines.map((line, i) => ({
    type: 'text',
    silent: true,
    style: {text: line, x, y: y + i * LINE_HEIGHT, font: `${FONT_SIZE}px ${draw.font()}`, verticalAlign: 'middle', ...style},
  }));

  const line = (x1, y1, x2, y2, stroke, lineWidth = 2) => ({type: 'line', shape: {x1, y1, x2, y2}, style: {stroke, lineWidth}});

  const rect = (x, y, width, height, fill, stroke) => ({
    type: 'rect', shape: {x, y, width: Math.max(width, 0), height}, style: {fill, stroke, lineWidth: stroke ? 1 : 0},
  });

  function whisker(cell, y, x, stroke, cap, lineWidth) {
    if (cell.lower === undefined || cell.upper === undefined) {
      return [];
    }
    const [from, to] = [x(cell.lower), x(cell.upper)];
    return [
      line(from, y, to, y, stroke, lineWidth),
      line(from, y - cap, from, y + cap, stroke, lineWidth),
      line(to, y - cap, to, y + cap, stroke, lineWidth),
    ];
  }

  const tipOfRow = (chart, hidden) => (row) => draw.tip(row[0].text,
    series(chart).map((name, s) => [name, row[s + 1].text]).filter((pair, s) => !hidden.has(s)));

  return {NARROW: 560, GAP: 12, names, series, known, numbers, extent, common, valueAxis, text, line, rect, whisker, tipOfRow};
})();
