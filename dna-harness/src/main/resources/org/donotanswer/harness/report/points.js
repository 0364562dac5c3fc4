'use strict';

/* Radar charts, and charts of predicted against observed values. */
const pointCharts = (() => {
  const {FONT_SIZE, LINE_HEIGHT, SYMBOLS, LINES} = draw;
  const {NARROW, GAP, names, series, known, numbers, common, valueAxis, startOf, line, tipOfRow} = base;

  function keyOf(all, top, width) {
    const style = {font: `${FONT_SIZE}px ${draw.font()}`, fill: draw.colour('--text')};
    const graphic = [];
    let y = top + 4;
    all.forEach((name, i) => {
      const lines = draw.wrap(name, width - 30, 3);
      [[String(i + 1), 0], ...lines.map((part) => [part, 26])].forEach(([part, left], k) => {
        graphic.push({type: 'text', silent: true, left, top: y + Math.max(k - 1, 0) * LINE_HEIGHT, style: {...style, text: part}});
      });
      y += lines.length * LINE_HEIGHT + 4;
    });
    return {height: y - top, graphic};
  }

  /* If names would overlap, numbers replace them, with a key below. */
  function radar(chart, width, hidden) {
    const narrow = width < NARROW;
    const keyed = narrow && draw.widest(names(chart), 12) > 64;
    const size = narrow ? 12 : FONT_SIZE;
    const room = keyed ? 12 : Math.min(Math.max(64, width * 0.24), narrow ? 64 : 170);
    const labels = keyed
      ? chart.rows.map((row, i) => [String(i + 1)])
      : names(chart).map((name) => draw.wrap(name, room, 4, size));
    const radius = Math.max(60, Math.min((width - 2 * room - 2 * GAP) / 2, 190));
    const high = Math.max(...labels.map((lines) => lines.length)) * (size + 4) + GAP;
    const wheel = 2 * (radius + high);
    const key = keyed ? keyOf(names(chart), wheel, width) : {height: 0, graphic: []};
    const count = chart.rows.length;
    const line = draw.colour('--line');
    const muted = draw.colour('--muted');
    return {
      height: wheel + key.height,
      note: startOf(chart, false).replace('axis starts', 'scale starts in the middle'),
      option: {
        ...common(),
        graphic: key.graphic,
        polar: {center: ['50%', radius + high], radius},
        angleAxis: {
          type: 'value',
          min: 0,
          max: count,
          interval: 1,
          startAngle: 90,
          axisLine: {lineStyle: {color: line}},
          axisTick: {show: false},
          axisLabel: {
            color: draw.colour('--text'),
            fontSize: size,
            lineHeight: size + 4,
            margin: 10,
            formatter: (spoke) => labels[spoke % count].join('\n'),
          },
          splitLine: {show: true, lineStyle: {color: line}},
        },
        radiusAxis: {
          ...valueAxis(chart, false),
          axisLabel: {color: muted, fontSize: 11, showMinLabel: true, backgroundColor: draw.colour('--surface')},
        },
        series: series(chart).map((name, s) => ({s, name})).filter(({s}) => !hidden.has(s)).map(({s, name}) => {
          const points = chart.rows.map((row, i) => [known(row[s + 1]) ? row[s + 1].value : NaN, i]);
          const stroke = draw.colour(draw.series(s));
          return {
            type: 'line',
            coordinateSystem: 'polar',
            name,
            data: [...points, [points[0][0], count]],
            connectNulls: false,
            symbol: SYMBOLS[s % SYMBOLS.length],
            symbolSize: 8,
            showAllSymbol: true,
            clip: false,
            itemStyle: {color: stroke},
            lineStyle: {color: stroke, width: 2, type: LINES[s % LINES.length]},
            tooltip: {formatter: ({dataIndex}) => tipOfRow(chart, hidden)(chart.rows[dataIndex % count])},
          };
        }),
      },
    };
  }

  function reliability(chart, width) {
    const side = Math.min(width, 460) - 68;
    const least = chart.minimum ?? 0;
    const most = chart.maximum ?? (numbers({rows: chart.rows.map((row) => row.slice(0, 3))}).every((cell) => cell.value <= 1) ? 1 : 100);
    const rows = chart.rows.filter((row) => known(row[1]) && known(row[2]));
    const greatest = Math.max(1, ...rows.map((row) => row[3]?.value ?? 1));
    const accent = draw.colour('--accent');
    const axis = (name) => ({
      ...valueAxis({rows: [], minimum: least, maximum: most}, true),
      name,
      nameLocation: 'middle',
      nameTextStyle: {color: draw.colour('--muted'), fontSize: 12},
    });
    return {
      height: side + 76,
      option: {
        ...common(),
        grid: {left: 54, top: 20, width: side, height: side},
        xAxis: {...axis(chart.columns[1]), nameGap: 28},
        yAxis: {...axis(chart.columns[2]), nameGap: 38},
        series: [
          {
            type: 'line', silent: true, symbol: 'none', data: [[least, least], [most, most]],
            lineStyle: {color: draw.colour('--muted'), type: 'dashed', width: 1},
          },
          {
            type: 'custom',
            emphasis: {disabled: true},
            clip: false,
            data: rows.map((row, i) => [row[1].value, row[2].value, i]),
            tooltip: {
              formatter: ({dataIndex}) => draw.tip(rows[dataIndex][0].text,
                chart.columns.slice(1).map((name, i) => [name, rows[dataIndex][i + 1].text])),
            },
            renderItem: (params, api) => {
              const row = rows[params.dataIndex];
              const [cx, cy] = api.coord([row[1].value, row[2].value]);
              const r = 4 + 9 * Math.sqrt((row[3]?.value ?? 1) / greatest);
              const children = [{type: 'circle', shape: {cx, cy, r}, style: {fill: accent, opacity: 0.85}}];
              if (row[2].lower !== undefined) {
                const [low, high] = [api.coord([row[1].value, row[2].lower])[1], api.coord([row[1].value, row[2].upper])[1]];
                children.unshift(line(cx, low, cx, high, accent, 1.5), line(cx - 4, low, cx + 4, low, accent, 1.5),
                  line(cx - 4, high, cx + 4, high, accent, 1.5));
              }
              return {type: 'group', children};
            },
          },
        ],
      },
    };
  }

  return {radar, reliability};
})();
