package org.donotanswer.dataset.csv;

/**
 * Protects text from being run as a formula by a spreadsheet. Stateless, hence thread-safe.
 *
 * <p>A spreadsheet takes a cell that starts with {@code = + - @}, a tab or a line break for a formula, quoted or not, and a
 * formula can send the other cells to a server. {@link #escape} puts an apostrophe before such a text, and before a text of
 * apostrophes followed by one of these characters, so that {@link #unescape} undoes exactly that.
 */
public final class FormulaEscaping {
    /** Includes the full-width forms, which spreadsheets of East Asian locales treat alike. */
    private static final String FORMULA_STARTS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private FormulaEscaping() {}

    /** Returns a cell with the text that no spreadsheet takes for a formula. */
    public static String escape(String text) {
        return isFormula(text, apostrophes(text)) ? "'" + text : text;
    }

    /** Returns the text from which {@link #escape} made the cell; a cell that was not escaped is returned unchanged. */
    public static String unescape(String cell) {
        int apostrophes = apostrophes(cell);
        return apostrophes > 0 && isFormula(cell, apostrophes) ? cell.substring(1) : cell;
    }

    private static int apostrophes(String text) {
        int count = 0;
        while (count < text.length() && text.charAt(count) == '\'') {
            count++;
        }
        return count;
    }

    private static boolean isFormula(String text, int start) {
        return start < text.length() && FORMULA_STARTS.indexOf(text.charAt(start)) >= 0;
    }
}
