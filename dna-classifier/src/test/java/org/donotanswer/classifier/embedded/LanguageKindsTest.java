package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read although it is not prose, and what is not read although it is not blank. */
class LanguageKindsTest {
    private static final SafetyEvaluator EVALUATOR = SafetyEvaluator.create();

    static Stream<String> code() {
        return Stream.of(
                "public int sum(List<Integer> xs) {\n    int s = 0;\n    for (int x : xs) {\n        s += x;\n    }\n"
                        + "    return s;\n}",
                "var i = 0; var j = 1; var k = 2; var o = i + j; var e = o + k;",
                "```java\nvar la = el.get(0);\nvar un = el.get(1);\nvar de = la + un;\n```",
                "for la in es:\n    un = la.el(es)\n    de[un] = la + 1\n    se.add(de[un])",
                "import os\nfor p in os.listdir('.'):\n    print(p)",
                "SELECT o.id, e.name FROM o JOIN e ON e.id = o.e WHERE o.na = 1 AND e.do IN (2, 3);",
                "cd /var/log && ls -la | grep -v un > /tmp/o && rm -rf \"$la\"",
                "rm -rf /",
                "<ul>\n<li><a href=\"/es\">un</a></li>\n<li><a href=\"/de\">la</a></li>\n</ul>",
                "const fs = require('fs');\n// \u8bfb\u53d6\u6587\u4ef6\nconst a = fs.readFileSync('a.txt', 'utf8');\n"
                        + "console.log(a.split('\\n').length);",
                "print('\u4f60\u597d\uff0c\u4e16\u754c')",
                "{\"nombre\": \"la\", \"edad\": 3, \"que\": [\"el\", \"de\", \"un\"], \"y\": {\"es\": \"no\"}}");
    }

    @ParameterizedTest
    @MethodSource("code")
    void evaluate_code_isScored(String response) {
        assertThat(EVALUATOR.evaluate("Write it for me, please.", response)).isInstanceOf(Scored.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uD83D\uDC4D",
                "\u2705 \u2705 \u274C",
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                "\u2192",
                "\u250C\u2500\u2500\u2510\n\u2514\u2500\u2500\u2518",
                "...",
                "?!",
                "\u00AF\\_(\u30C4)_/\u00AF",
                "\u0CA0_\u0CA0",
                "4",
                "144",
                "-3.5",
                "3.14159 2.71828 1.41421",
                "384,400",
                "2024-05-17",
                "$1,200",
                "\u0664\u0662",
                "B",
                "b)",
                "A, C",
                "\u03C0\u00B2",
                "\u2211\u1D62 x\u1D62\u00B2 \u2264 \u221E",
                "E = mc\u00B2",
                "F = ma",
                "v = u + at",
                "\uFF26 \uFF1D \uFF4D\uFF41",
                "a^2 + b^2 = c^2",
                "PV = nRT",
                "\\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}",
                "$$\\int_0^1 x^2 \\, dx = \\frac{1}{3}$$",
                "sin(x)^2 + cos(x)^2 = 1",
                "\u0394t = 5",
                "H2O",
                "0x7fff",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            })
    void evaluate_noWords_isUnscoredWhetherOrNotLanguageIsChecked(String text) throws IOException {
        assertThat(EVALUATOR.evaluate("And?", text))
                .isEqualTo(Unscored.of(UnscoredReason.NO_WORDS, "response has no words"));
        assertThat(EVALUATOR.evaluateInstruction(text))
                .isEqualTo(Unscored.of(UnscoredReason.NO_WORDS, "instruction has no words"));
        try (SafetyEvaluator unchecked = EmbeddedEvaluator.builder()
                .model(EmbeddedModel.shipped())
                .checkLanguage(false)
                .build()) {
            assertThat(unchecked.evaluate("And?", text))
                    .isEqualTo(Unscored.of(UnscoredReason.NO_WORDS, "response has no words"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No.",
                "OK",
                "Go \uD83D\uDC4D",
                "5 km",
                "x = 5, so double it",
                "It's 144 = 12^2.",
                "It is > 5",
                "\uFF1E It is 5",
                "+ OK",
                "\u2192 OK",
                "The answer is 4.",
                "Die!",
                "Die! Die! Die! Die! Die! Die!",
                "Die, man, die! Her hat, sans plus, met him; war!",
                "Hat, pan, van, den, era, son",
                "h e l l o y o u",
                "k1ll y0ur53lf",
                "\u041C\u0456\u0445 fl\u043Eur \u0430nd w\u0430t\u0435r, th\u0435n b\u0430k\u0435 \u0456t.",
                "\uFF28\uFF45\uFF4C\uFF4C\uFF4F",
                "He wrote: \u00ABEs irrt der Mensch, solang er strebt\u00BB, which means that we all make mistakes.",
                "The old sign said \"no se puede pasar por aqui en la noche\", so we turned and went back to the car.",
                "Sure! Hello in Japanese is \u3053\u3093\u306B\u3061\u306F, which you can say to anyone at noon.",
                "SGVsbG8gd29ybGQ="
            })
    void evaluate_englishWordsOfAnyKind_areScored(String response) {
        assertThat(EVALUATOR.evaluate("And?", response)).isInstanceOf(Scored.class);
    }

    static Stream<String> otherLanguages() {
        return Stream.of(
                "El perro corre por el parque y no quiere volver.",
                "Der Hund l\u00E4uft durch den Park und will nicht nach Hause.",
                "Le chat dort sur la chaise et ne veut pas sortir.",
                "\u53E4\u6C60\u3084\u86D9\u98DB\u3073\u8FBC\u3080\u6C34\u306E\u97F3",
                "\u3053\u3093\u306B\u3061\u306F",
                "\u4F60\u597D",
                "\u6625\u7720\u4E0D\u89C9\u6653\uFF0C\u5904\u5904\u95FB\u557C\u9E1F\u3002",
                "\u4F7F\u7528Python\u7F16\u5199\u4EE3\u7801\u662F\u4E00\u4EF6\u6109\u5FEB\u7684\u4E8B\u60C5\u3002",
                "\u0645\u0631\u062D\u0628\u0627\u060C \u0643\u064A\u0641 \u062D\u0627\u0644\u0643\u061F",
                "\uC548\uB155\uD558\uC138\uC694",
                "\u0414\u0430, \u043A\u043E\u043D\u0435\u0447\u043D\u043E.",
                "\u0928\u092E\u0938\u094D\u0924\u0947, \u0906\u092A \u0915\u0948\u0938\u0947 \u0939\u0948\u0902?",
                "\u039A\u03B1\u03BB\u03B7\u03BC\u03AD\u03C1\u03B1",
                "Sure! \u3053\u3093\u306B\u3061\u306F\u3001\u304A\u5143\u6C17\u3067\u3059\u304B\u3002",
                "Jeg kan ikke hj\u00E6lpe dig med det, men du skal ikke v\u00E6re bange.",
                "T\u00F4i kh\u00F4ng th\u1EC3 gi\u00FAp b\u1EA1n v\u1EDBi vi\u1EC7c n\u00E0y, nh\u01B0ng b\u1EA1n c\u00F3"
                        + " th\u1EC3 h\u1ECFi m\u1ED9t ng\u01B0\u1EDDi kh\u00E1c.");
    }

    @ParameterizedTest
    @MethodSource("otherLanguages")
    void evaluate_otherLanguage_isUnscored(String text) {
        assertThat(EVALUATOR.evaluate("Translate it, please.", text))
                .isEqualTo(Unscored.of(UnscoredReason.UNSUPPORTED_LANGUAGE, "response is not in English"));
        assertThat(EVALUATOR.evaluateInstruction(text))
                .isEqualTo(Unscored.of(UnscoredReason.UNSUPPORTED_LANGUAGE, "instruction is not in English"));
    }

    @Test
    void evaluate_englishPassageInAnotherScript_isScored() {
        String chinese = "\u6625\u7720\u4E0D\u89C9\u6653\uFF0C\u5904\u5904\u95FB\u557C\u9E1F\u3002";
        String passage = "First you take the lock off the door, then you go in and take what they have. ";

        assertThat(EVALUATOR.evaluate("And?", chinese.repeat(6) + passage + chinese.repeat(3)))
                .isInstanceOf(Scored.class);
        assertThat(EVALUATOR.evaluate("And?", chinese.repeat(6) + "OK, I will. " + chinese.repeat(3)))
                .isInstanceOf(Unscored.class);
    }
}
