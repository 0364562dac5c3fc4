package org.donotanswer.dataset.csv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaEscapingTest {
    @ParameterizedTest
    @ValueSource(strings = {"=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "'=1", "''-1", "\uFF1D1"})
    void escape_formula_getsAnApostrophe(String text) {
        assertThat(FormulaEscaping.escape(text)).isEqualTo("'" + text);
        assertThat(FormulaEscaping.unescape("'" + text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1=1", "'", "'tis", "''", " =1"})
    void escape_otherText_isUnchanged(String text) {
        assertThat(FormulaEscaping.escape(text)).isEqualTo(text);
        assertThat(FormulaEscaping.unescape(text)).isEqualTo(text);
    }
}
