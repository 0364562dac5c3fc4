package org.donotanswer.examples.chatbot;

/** Checks of a page, in JavaScript. */
final class PageChecks {
    /** Lists visible texts whose contrast with the background is less than 4.5 : 1 (WCAG 2.2, 1.4.3). */
    static final String LOW_CONTRASTS =
            """
            const channels = color => color.match(/[\\d.]+/g).map(Number);
            const luminance = color => {
              const [r, g, b] = channels(color).slice(0, 3).map(value => {
                const share = value / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const behind = element => {
              for (let each = element; each; each = each.parentElement) {
                const color = getComputedStyle(each).backgroundColor;
                const parts = channels(color);
                if (parts.length < 4 || parts[3] === 1) {
                  return color;
                }
              }
              return 'rgb(255, 255, 255)';
            };
            const low = [];
            for (const element of document.body.querySelectorAll('*')) {
              const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== '');
              if (!own || element.offsetParent === null) {
                continue;
              }
              const pair = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a);
              const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
              if (contrast < 4.5) {
                low.push(element.tagName + '.' + element.className + ' ' + contrast.toFixed(2));
              }
            }
            return low;
            """;

    /** Lists controls without an accessible name. */
    static final String NAMELESS =
            """
            return [...document.querySelectorAll('button, input')]
                .filter(each => each.textContent.trim() === '' && !each.getAttribute('aria-label') && !each.labels?.length)
                .map(each => each.outerHTML);
            """;

    private PageChecks() {}
}
