'use strict';

/* Draws the charts, again after a change of width or theme and for print, and handles the buttons and the contents. */
(() => {
  const KINDS = {
    INTERVALS: {of: barCharts.intervals},
    BARS: {of: barCharts.bars, legend: true},
    STACKED_BARS: {of: barCharts.stackedBars, legend: true},
    RADAR: {of: pointCharts.radar, legend: true, byShape: true},
    HEATMAP: {of: heatmaps.heatmap},
    CONFUSION: {of: heatmaps.confusion},
    RELIABILITY: {of: pointCharts.reliability},
  };
  const PRINT_WIDTH = 640;
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const wide = matchMedia('(min-width: 68rem)');

  const all = JSON.parse(document.getElementById('_charts').textContent);
  const drawn = [];
  for (const chart of all.filter(isDrawable)) {
    try {
      drawn.push(firstDrawn(chart));
    } catch (error) {
      // The other charts, and the table of this one, remain.
      console.error(error);
    }
  }

  function isDrawable(chart) {
    const series = chart.columns.length - 1;
    return chart.rows.length > 0 && series >= (chart.kind === 'RELIABILITY' ? 2 : 1);
  }

  function firstDrawn(chart) {
    const element = document.querySelector(`[data-chart="${chart.id}"]`);
    const kind = KINDS[chart.kind];
    element.hidden = false;
    const figure = {chart, element, kind, hidden: new Set(), width: 0};
    figure.instance = echarts.init(element, null, {renderer: 'svg', width: 300, height: 100});
    if (kind.legend && chart.columns.length > 2) {
      element.before(draw.legend(chart.columns.slice(1), kind.byShape, (index, shown) => {
        figure.hidden[shown ? 'delete' : 'add'](index);
        show(figure, figure.width);
      }));
    }
    const caption = element.parentElement.querySelector('figcaption');
    figure.axis = caption.querySelector('.axis');
    figure.axisText = figure.axis.textContent;
    show(figure, element.clientWidth);
    const title = caption.firstChild.textContent.trim();
    element.after(pictures.buttons(chart.id, title, () => ({
      svg: element.querySelector('svg'),
      width: figure.instance.getWidth(),
      height: figure.instance.getHeight(),
      caption: title,
      note: figure.axis.textContent,
      names: kind.legend && chart.columns.length > 2
        ? chart.columns.slice(1).map((name, index) => ({name, index, byShape: kind.byShape})).filter(({index}) => !figure.hidden.has(index))
        : [],
    })));
    // The table was open in case the chart could not be drawn.
    element.parentElement.querySelector('.figures').open = false;
    return figure;
  }

  function show(figure, width) {
    if (width <= 0) {
      return;
    }
    figure.width = width;
    const {height, option, note, width: whole = width} = figure.kind.of(figure.chart, width, figure.hidden);
    figure.element.style.height = `${height}px`;
    figure.element.tabIndex = whole > width ? 0 : -1;
    figure.axis.textContent = [figure.axisText, note].filter((part) => part).join('; ');
    figure.instance.resize({width: whole, height});
    figure.instance.setOption(option, {notMerge: true});
  }

  const showAll = (width) => drawn.forEach((figure) => show(figure, width || figure.element.clientWidth));

  let printing = false;
  let asked = 0;
  new ResizeObserver(() => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      if (!printing) {
        drawn.filter((figure) => figure.element.clientWidth !== figure.width)
          .forEach((figure) => show(figure, figure.element.clientWidth));
      }
    });
  }).observe(document.querySelector('main'));

  /* The theme follows the system until the button is pressed. */
  const button = document.getElementById('_theme');
  const theme = () => root.dataset.theme || (dark.matches ? 'dark' : 'light');

  function name() {
    button.textContent = theme() === 'dark' ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `${button.textContent} theme`);
  }

  button.hidden = false;
  name();
  button.addEventListener('click', () => {
    root.dataset.theme = theme() === 'dark' ? 'light' : 'dark';
    name();
    showAll();
  });
  dark.addEventListener('change', () => {
    name();
    showAll();
  });

  let before;
  addEventListener('beforeprint', () => {
    printing = true;
    tables.forEach((table) => {
      table.open = true;
    });
    before = root.dataset.theme;
    root.dataset.theme = 'light';
    showAll(PRINT_WIDTH);
  });
  addEventListener('afterprint', () => {
    printing = false;
    if (before) {
      root.dataset.theme = before;
    } else {
      delete root.dataset.theme;
    }
    foldTables();
    showAll();
  });

  /* Wide tables are folded away on a narrow screen, until opened. */
  const narrow = matchMedia('(max-width: 40rem)');
  const tables = document.querySelectorAll('details.fold');
  const foldTables = () => tables.forEach((table) => {
    table.open = !narrow.matches;
  });
  foldTables();
  narrow.addEventListener('change', foldTables);

  /* The contents are open beside the text, but closed above it until opened; the visible section is marked. */
  const contents = document.getElementById('_contents');
  const fold = () => {
    contents.open = wide.matches;
  };
  fold();
  wide.addEventListener('change', fold);

  const links = new Map([...contents.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
  contents.addEventListener('click', (event) => {
    if (event.target.closest('a') && !wide.matches) {
      contents.open = false;
    }
  });
  const watch = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    links.forEach((link) => link.removeAttribute('aria-current'));
    links.get(entry.target.id)?.setAttribute('aria-current', 'true');
  }), {rootMargin: '-10% 0px -80% 0px'});
  document.querySelectorAll('main > section').forEach((section) => watch.observe(section));
})();
