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

  /* Returns a round step that divides the range into about four parts. */
  function roughStep(range) {
    const power = 10 ** Math.floor(Math.log10(range / 4));
    return [1, 2, 2.5, 5, 10].map((digit) => digit * power).find((step) => range / step <= 5);
  }

  /*
   * Returns where an axis of numbers starts and ends, and its step. It starts at 0 unless a bound says otherwise, or the numbers are
   * all in the upper part of the axis; then the page says where it starts. A bound is ignored if figures lie outside.
   */
  function boundsOf(chart, zero) {
    const reached = extent(chart);
    const [low, high] = [Math.min(...reached, zero || !reached.length ? 0 : Infinity), Math.max(...reached, zero || !reached.length ? 0 : -Infinity)];
    const given = (bound, fits) => bound !== undefined && reached.every((value) => fits(value, bound));
    const bounds = {};
    if (given(chart.maximum, (value, bound) => value <= bound)) {
      bounds.max = chart.maximum;
    }
    if (given(chart.minimum, (value, bound) => value >= bound)) {
      bounds.min = chart.minimum;
    } else if (low >= 0 && low < (bounds.max ?? high) / 2) {
      bounds.min = 0;
    } else {
      const range = (bounds.max ?? high) - low;
      const step = roughStep(range > 0 ? range : Math.abs(high) || 1);
      bounds.min = Math.floor(low / step) * step;
    }
    if (bounds.max === undefined) {
      const step = roughStep(high > bounds.min ? high - bounds.min : 1);
      bounds.max = Math.max(Math.ceil(high / step) * step, bounds.min + step);
    }
    bounds.interval = stepOf(bounds.max - bounds.min) ?? roughStep(bounds.max - bounds.min);
    return bounds;
  }

  const number = (value) => String(Number(value.toPrecision(12))).replace('-', '\u2212');

  /* Returns where an axis starts, if that is not 0 or below. */
  const startOf = (chart, zero) => {
    const {min} = boundsOf(chart, zero);
    return min > 0 ? `the axis starts at ${number(min)}, not at 0` : '';
  };

  const valueAxis = (chart, zero) => ({
    type: 'value',
    ...boundsOf(chart, zero),
    axisLine: {show: false},
    axisTick: {show: false},
    axisLabel: {color: draw.colour('--muted'), fontSize: 12, hideOverlap: true, formatter: number},
    splitLine: {lineStyle: {color: draw.colour('--line')}},
  });

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

  return {NARROW: 560, GAP: 12, names, series, known, numbers, extent, common, valueAxis, startOf, text, line, rect, whisker, tipOfRow};
})();
