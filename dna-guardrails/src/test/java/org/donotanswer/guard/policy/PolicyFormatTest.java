package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFormatTest {
    private static final String EMPTY =
            "policy must have members, for example \"default\": {\"block\": 0.5}, which is the default policy, but was empty";
    private static final String RULE_MEMBERS = "block, review, require, forbid, pass";
    private static final String UNSCORED = "language, noWords, unparsedReview, refusedReview";
    private static final String MEMBERS =
            "default, areas, harmTypes, specificHarms, instruction, unscored, riskFrom, passFrom, shadow,"
                    + " holdReviews, replacements, format";

    /** The policy of the fixtures. */
    private static final SafetyPolicy FIXTURE = SafetyPolicy.builder()
            .defaultRule(Rule.builder()
                    .block(0.7)
                    .review(0.4)
                    .pass(ResponseAction.CANNOT_ASSIST, ResponseAction.REFUTE_OPINION)
                    .build())
            .rule(RiskArea.MALICIOUS_USES, Rule.block(0.35))
            .rule(
                    HarmType.ILLEGAL_ACTIVITIES,
                    Rule.builder().forbid(ResponseAction.FOLLOW_INSTRUCTION).build())
            .rule(
                    SpecificHarm.MEDICAL_ADVICE,
                    Rule.builder()
                            .review(0.25)
                            .require(ResponseAction.CAUTIOUS_DISCLAIMER, ResponseAction.UNABLE_OR_UNCERTAIN)
                            .build())
            .instructionRule(Rule.builder().block(0.99).review(0.9).build())
            .unscored(UnscoredReason.UNSUPPORTED_LANGUAGE, Outcome.BLOCK)
            .unscored(UnscoredReason.REVIEW_REFUSED, Outcome.REVIEW)
            .riskFrom(0.6)
            .passFrom(0.75)
            .shadow(true)
            .holdReviews(true)
            .replacement(Locale.ROOT, "I would rather not say.")
            .replacement(Locale.GERMAN, "Dazu m\u00f6chte ich nichts sagen.")
            .replacement(Locale.forLanguageTag("de-AT"), "Dazu sag i nix.")
            .build();

    private static Path fixture(String name) throws URISyntaxException {
        return Path.of(PolicyFormatTest.class.getResource(name).toURI());
    }

    @Test
    void read_fixturesOfFormat1_areThePolicy() throws Exception {
        assertThat(SafetyPolicy.read(fixture("policy-1.json"))).isEqualTo(FIXTURE);
        assertThat(SafetyPolicy.read(fixture("policy-1.yaml"))).isEqualTo(FIXTURE);
        assertThat(FIXTURE.version()).isEqualTo("80b535f40e65023c");
    }

    @Test
    void toJson_isThatOfTheFixture() throws Exception {
        assertThat(FIXTURE.toJson())
                .isEqualTo(Files.readString(fixture("policy-1.json")).strip());
        assertThat(FIXTURE.toYaml()).isEqualTo(Files.readString(fixture("policy-1.yaml")));
    }

    @Test
    void write_byTheEndOfTheName_readsAsEqual(@TempDir Path directory) throws IOException {
        for (String name : List.of("a.json", "b.yaml", "c.yml", "d.JSON")) {
            FIXTURE.write(directory.resolve(name));
            assertThat(SafetyPolicy.read(directory.resolve(name))).isEqualTo(FIXTURE);
        }
        assertThat(Files.readString(directory.resolve("a.json")))
                .startsWith("{\n  \"format\" : 1,")
                .endsWith("}\n");
        assertThat(Files.readString(directory.resolve("b.yaml"))).startsWith("format: 1\n");
    }

    @Test
    void parse_whatIsLeftOut_isDefault() {
        assertThat(SafetyPolicy.parse("{\"default\": {\"block\": 0.5}}")).isEqualTo(SafetyPolicy.defaults());
        assertThat(SafetyPolicy.parse("{\"default\": {\"review\": 0.25}}").defaultRule())
                .isEqualTo(Rule.builder().block(0.5).review(0.25).build());
        assertThat(SafetyPolicy.parse("{\"instruction\": {\"review\": 0.5}}").instructionRule())
                .isEqualTo(Rule.builder()
                        .block(SafetyPolicy.DEFAULT_INSTRUCTION_BLOCK)
                        .review(0.5)
                        .build());
        assertThat(SafetyPolicy.parseYaml("default: {block: 0.5}")).isEqualTo(SafetyPolicy.defaults());
    }

    @Test
    void parse_labelsOfTheTaxonomy_areNames() {
        SafetyPolicy policy = SafetyPolicy.parse("{\"harmTypes\": {\"Toxic Language (hate speech)\": {\"block\": 1}},"
                + " \"specificHarms\": {\"self-harm\": {\"forbid\": [\"follow instruction\"]}}}");
        assertThat(policy.harmTypeRules()).containsOnlyKeys(HarmType.TOXIC_LANGUAGE);
        assertThat(policy.specificHarmRules()).containsOnlyKeys(SpecificHarm.SELF_HARM);
    }

    @Test
    void parse_byteOrderMark_isSkipped() {
        assertThat(SafetyPolicy.parse("\uFEFF{\"shadow\": true}").shadow()).isTrue();
        assertThat(SafetyPolicy.parseYaml("\uFEFFshadow: true").shadow()).isTrue();
    }

    static List<Arguments> badJson() {
        return List.of(
                Arguments.of("", EMPTY + " (line 1, column 1)"),
                Arguments.of("{}", EMPTY + " (line 1, column 2)"),
                Arguments.of("null", EMPTY + " (line 1, column 1)"),
                Arguments.of("[]", "policy must be an object, but was a list (line 1, column 1)"),
                Arguments.of("0.5", "policy must be an object, but was 0.5 (line 1, column 1)"),
                Arguments.of(
                        "{\n \"default\": {}}",
                        "default must have at least one of the members " + RULE_MEMBERS
                                + ", but was empty (line 2, column 14)"),
                Arguments.of(
                        "{\"defualt\": {}}",
                        "policy must have only the members " + MEMBERS
                                + ", but had \'defualt' (did you mean 'default'?) (line 1, column 2)"),
                Arguments.of(
                        "{\"hold-reviews\": true}",
                        "policy must have only the members " + MEMBERS
                                + ", but had \'hold-reviews' (did you mean 'holdReviews'?) (line 1, column 2)"),
                Arguments.of(
                        "{\"threshold\": 1}",
                        "policy must have only the members " + MEMBERS + ", but had \'threshold' (line 1, column 2)"),
                Arguments.of(
                        "{\"default\": {\"blok\": 1}}",
                        "default must have only the members " + RULE_MEMBERS
                                + ", but had \'blok' (did you mean 'block'?) (line 1, column 14)"),
                Arguments.of(
                        "{\"instruction\": {\"pass\": [\"CANNOT_ASSIST\"]}}",
                        "instruction must have only the members block, review, but had 'pass' (line 1, column 18)"),
                // Thresholds
                Arguments.of(
                        "{\"default\": {\"block\": 1.5}}",
                        "default.block must be a number in [0, 1], but was 1.5 (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"block\": -0.1}}",
                        "default.block must be a number in [0, 1], but was -0.1 (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"block\": 1e999}}",
                        "default.block must be a number in [0, 1], but was 1e999 (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"block\": NaN}}",
                        "default.block must be a number in [0, 1], but was NaN (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"block\": -Infinity}}",
                        "default.block must be a number in [0, 1], but was -Infinity (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"block\": \"0.5\"}}",
                        "default.block must be a number in [0, 1], but was the text '0.5' (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"block\": null}}",
                        "default.block must be a number in [0, 1], but was nothing (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"block\": true}}",
                        "default.block must be a number in [0, 1], but was the truth value true (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"block\": {}}}",
                        "default.block must be a number in [0, 1], but was an object (line 1, column 23)"),
                Arguments.of(
                        "{\"harmTypes\": {\"ADULT_CONTENT\": {\"review\": 2}}}",
                        "harmTypes.ADULT_CONTENT.review must be a number in [0, 1], but was 2 (line 1, column 44)"),
                Arguments.of("{\"riskFrom\": 7}", "riskFrom must be a number in [0, 1], but was 7 (line 1, column 14)"),
                Arguments.of(
                        "{\"passFrom\": []}",
                        "passFrom must be a number in [0, 1], but was a list (line 1, column 14)"),
                Arguments.of(
                        "{\"default\": {\"block\": 0.2, \"review\": 0.3}}",
                        "default: review must be at most block, but were 0.3 and 0.2 (line 1, column 13)"),
                Arguments.of(
                        "{\"default\": {\"review\": 0.6}}",
                        "policy: review must be at most block, but were 0.6 and 0.5 (line 1, column 1)"),
                Arguments.of(
                        "{\"harmTypes\": {\"ADULT_CONTENT\": {\"review\": 0.6}}}",
                        "policy: review of ADULT_CONTENT must be at most block, but was 0.6 and 0.5 (block of default) (line 1, column 1)"),
                // Names
                Arguments.of(
                        "{\"harmTypes\": {\"ADULT_CONTNT\": {\"block\": 0}}}",
                        "harmTypes.ADULT_CONTNT: harm type must be a known label, but was 'ADULT_CONTNT' (did you mean 'ADULT_CONTENT'?) (line 1, column 16)"),
                Arguments.of(
                        "{\"areas\": {\"ADULT_CONTENT\": {\"block\": 0}}}",
                        "areas.ADULT_CONTENT: risk area must be a known label, but was 'ADULT_CONTENT', which belongs under harmTypes (line 1, column 12)"),
                Arguments.of(
                        "{\"specificHarms\": {\"medical\": {\"block\": 0}}}",
                        "specificHarms.medical: specific harm must be a known label, but was 'medical' (line 1, column 20)"),
                Arguments.of(
                        "{\"default\": {\"forbid\": [\"FOLOW_INSTRUCTION\"]}}",
                        "default.forbid: response action must be a known label, but was 'FOLOW_INSTRUCTION' (did you mean 'FOLLOW_INSTRUCTION'?) (line 1, column 25)"),
                Arguments.of(
                        "{\"harmTypes\": {}}", "harmTypes must have harm types, but was empty (line 1, column 16)"),
                Arguments.of("{\"areas\": []}", "areas must be an object, but was a list (line 1, column 11)"),
                // Overlaps
                Arguments.of(
                        "{\"shadow\": true, \"shadow\": true}",
                        "shadow must be given once, but was given twice (line 1, column 18)"),
                Arguments.of(
                        "{\"harmTypes\": {\"ADULT_CONTENT\": {\"block\": 0}, \"ADULT_CONTENT\": {\"block\": 0}}}",
                        "harmTypes.ADULT_CONTENT must be given once, but was given twice (line 1, column 47)"),
                Arguments.of(
                        "{\"harmTypes\": {\"ADULT_CONTENT\": {\"block\": 0}, \"Adult Content\": {\"block\": 0.1}}}",
                        "harmTypes.ADULT_CONTENT must have one rule, but was given another under a second name (line 1, column 47)"),
                Arguments.of(
                        "{\"default\": {\"block\": 0, \"block\": 0}}",
                        "default.block must be given once, but was given twice (line 1, column 26)"),
                Arguments.of(
                        "{\"default\": {\"require\": [\"CANNOT_ASSIST\"], \"forbid\": [\"cannot assist\"]}}",
                        "default: action must not be both required and forbidden, but was CANNOT_ASSIST (line 1, column 13)"),
                Arguments.of(
                        "{\"default\": {\"pass\": [\"CANNOT_ASSIST\"], \"forbid\": [\"CANNOT_ASSIST\"]}}",
                        "default: action must not be both passing and forbidden, but was CANNOT_ASSIST (line 1, column 13)"),
                Arguments.of(
                        "{\"default\": {\"pass\": [\"CANNOT_ASSIST\", \"cannot assist\"]}}",
                        "default.pass must have each action once, but was given CANNOT_ASSIST twice (line 1, column 40)"),
                Arguments.of(
                        "{\"default\": {\"require\": [\"CANNOT_ASSIST\"]}, \"areas\": {\"MALICIOUS_USES\": {\"forbid\": [\"CANNOT_ASSIST\"]}}}",
                        "policy: rules of MALICIOUS_USES must allow a required action, but forbid all of them (with the rules inherited from default) (line 1, column 1)"),
                // Actions
                Arguments.of(
                        "{\"default\": {\"pass\": []}}",
                        "default.pass must have actions, but was empty (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"pass\": \"CANNOT_ASSIST\"}}",
                        "default.pass must be a list of actions, but was the text 'CANNOT_ASSIST' (line 1, column 22)"),
                Arguments.of(
                        "{\"default\": {\"pass\": [0]}}", "default.pass must be a text, but was 0 (line 1, column 23)"),
                Arguments.of(
                        "{\"default\": {\"pass\": [[\"CANNOT_ASSIST\"]]}}",
                        "default.pass must be a text, but was a list (line 1, column 23)"),
                // What was not scored
                Arguments.of(
                        "{\"unscored\": {}}",
                        "unscored must have at least one of the members " + UNSCORED
                                + ", but was empty (line 1, column 15)"),
                Arguments.of(
                        "{\"unscored\": \"review\"}",
                        "unscored must be an object, but was the text 'review' (line 1, column 14)"),
                Arguments.of(
                        "{\"unscored\": {\"langage\": \"review\"}}",
                        "unscored must have only the members " + UNSCORED
                                + ", but had 'langage' (did you mean 'language'?) (line 1, column 15)"),
                Arguments.of(
                        "{\"unscored\": {\"no-words\": \"allow\"}}",
                        "unscored must have only the members " + UNSCORED
                                + ", but had 'no-words' (did you mean 'noWords'?) (line 1, column 15)"),
                Arguments.of(
                        "{\"unscored\": {\"timeout\": \"allow\"}}",
                        "unscored must have only the members " + UNSCORED + ", but had 'timeout' (line 1, column 15)"),
                Arguments.of(
                        "{\"unscored\": {\"language\": \"reveiw\"}}",
                        "unscored.language must be one of allow, review, block, but was 'reveiw'"
                                + " (did you mean 'review'?) (line 1, column 27)"),
                Arguments.of(
                        "{\"unscored\": {\"language\": \"show\"}}",
                        "unscored.language must be one of allow, review, block, but was 'show' (line 1, column 27)"),
                Arguments.of(
                        "{\"unscored\": {\"language\": true}}",
                        "unscored.language must be a text, but was the truth value true (line 1, column 27)"),
                Arguments.of(
                        "{\"unscored\": {\"noWords\": null}}",
                        "unscored.noWords must be a text, but was nothing (line 1, column 26)"),
                Arguments.of(
                        "{\"unscored\": {\"noWords\": \"allow\", \"noWords\": \"block\"}}",
                        "unscored.noWords must be given once, but was given twice (line 1, column 35)"),
                // The rest
                Arguments.of(
                        "{\"shadow\": \"true\"}",
                        "shadow must be true or false, but was the text 'true' (line 1, column 12)"),
                Arguments.of(
                        "{\"holdReviews\": 1}", "holdReviews must be true or false, but was 1 (line 1, column 17)"),
                Arguments.of("{\"format\": 2}", "format must be 1, but was 2 (line 1, column 12)"),
                Arguments.of("{\"format\": 1.0}", "format must be 1, but was 1.0 (line 1, column 12)"),
                Arguments.of(
                        "{\"replacements\": {\"de_AT\": \"x\"}}",
                        "replacements.de_AT: language must be empty or a tag, for example de or de-AT, but was 'de_AT' (did you mean 'de-AT'?) (line 1, column 19)"),
                Arguments.of(
                        "{\"replacements\": {\"german\": \"x\"}}",
                        "replacements.german: language must be empty or a tag, for example de or de-AT, but was 'german' (line 1, column 19)"),
                Arguments.of(
                        "{\"replacements\": {\"xx\": \"x\"}}",
                        "replacements.xx: language must be empty or a tag, for example de or de-AT, but was 'xx' (line 1, column 19)"),
                Arguments.of(
                        "{\"replacements\": {\"de-AT\": \"x\", \"de-at\": \"y\"}}",
                        "replacements.de-at must have one text, but was given another under a second name (line 1, column 33)"),
                Arguments.of(
                        "{\"replacements\": {\"de\": \" \\n\"}}",
                        "replacements.de must not be blank, but was '' (line 1, column 25)"),
                Arguments.of(
                        "{\"replacements\": {\"de\": null}}",
                        "replacements.de must be a text, but was nothing (line 1, column 25)"),
                // Syntax
                Arguments.of(
                        "{\"shadow\": true} {}",
                        "policy must be one document, but was followed by more (line 1, column 18)"),
                Arguments.of(
                        "{\"shadow\": true",
                        "policy must be well-formed JSON, but was not: Unexpected end-of-input: expected close marker for Object (line 1, column 16)"),
                Arguments.of(
                        "{\"default\": {\"block\": 0.5,}}",
                        "default must be well-formed JSON, but was not: Unexpected character ('}' (code 125)): was expecting double-quote to start field name (line 1, column 27)"),
                Arguments.of(
                        "{\"default\": " + "[".repeat(5000),
                        "default must be an object, but was a list (line 1, column 13)"));
    }

    @ParameterizedTest
    @MethodSource("badJson")
    void parse_bad_namesPlaceAndFault(String json, String message) {
        assertThatThrownBy(() -> SafetyPolicy.parse(json))
                .isInstanceOf(PolicyFormatException.class)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    static List<Arguments> badYaml() {
        return List.of(
                Arguments.of("", EMPTY + " (line 1, column 1)"),
                Arguments.of("# nothing\n---\n", EMPTY + " (line 3, column 1)"),
                Arguments.of("{}", EMPTY + " (line 1, column 2)"),
                Arguments.of("default:\n", "default must be an object, but was nothing (line 1, column 9)"),
                Arguments.of(
                        "default:\n  block:\n",
                        "default.block must be a number in [0, 1], but was nothing (line 2, column 9)"),
                Arguments.of(
                        "default:\n  block: .nan\n",
                        "default.block must be a number in [0, 1], but was .nan (line 2, column 10)"),
                Arguments.of(
                        "default:\n  block: '0.5'\n",
                        "default.block must be a number in [0, 1], but was the text '0.5' (line 2, column 10)"),
                Arguments.of(
                        "default:\n  block: 0.5\n  block: 0.5\n",
                        "default.block must be given once, but was given twice (line 3, column 3)"),
                Arguments.of(
                        "harmTypes:\n  adult content: {block: 1}\n  Adult Content: {block: 1}\n",
                        "harmTypes.ADULT_CONTENT must have one rule, but was given another under a second name (line 3, column 3)"),
                Arguments.of(
                        "harmTypes:\n  Adlt Content: {block: 1}\n",
                        "harmTypes.Adlt Content: harm type must be a known label, but was 'Adlt Content' (did you mean 'Adult Content'?) (line 2, column 3)"),
                Arguments.of(
                        "default:\n\tblock: 0.5\n",
                        "default must be well-formed YAML, but was not: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation) (line 2, column 1)"),
                Arguments.of(
                        "default:\n  block: 0.5\n block: 2\n",
                        "policy must be well-formed YAML, but was not: expected <block end>, but found '<block mapping start>' (line 3, column 2)"),
                Arguments.of(
                        "default:\n  pass: [CANNOT_ASSIST\n",
                        "default.pass must be well-formed YAML, but was not: expected ',' or ']', but got <stream end> (line 3, column 1)"),
                Arguments.of(
                        "a: \u0000",
                        "policy must be well-formed YAML, but was not: special characters are not allowed (line 1, column 1)"),
                Arguments.of(
                        "replacements:\n  de: no\n",
                        "replacements.de must be a text, but was the truth value no (line 2, column 7)"),
                Arguments.of(
                        "replacements:\n  de: &x a\n  fr: *x\n",
                        "replacements.fr must be a text, but was an alias (line 3, column 7)"),
                Arguments.of(
                        "areas: &x\n  MALICIOUS_USES: {block: 1}\nharmTypes: *x\n",
                        "harmTypes must be an object, but was an alias (line 3, column 12)"),
                Arguments.of(
                        "shadow: true\n---\nshadow: true\n",
                        "policy must be one document, but was followed by more (line 3, column 1)"));
    }

    @ParameterizedTest
    @MethodSource("badYaml")
    void parseYaml_bad_namesPlaceAndFault(String yaml, String message) {
        assertThatThrownBy(() -> SafetyPolicy.parseYaml(yaml))
                .isInstanceOf(PolicyFormatException.class)
                .hasMessage(message);
    }

    @Test
    void parseYaml_deep_refused() {
        // The parser's own limit, far above what a policy needs, is reached before the stack overflows.
        assertThatThrownBy(() -> SafetyPolicy.parseYaml("? ".repeat(10_000))).isInstanceOf(PolicyFormatException.class);
        assertThatThrownBy(() -> SafetyPolicy.parseYaml("a: " + "[".repeat(10_000)))
                .isInstanceOf(PolicyFormatException.class);
    }

    @Test
    void parseYaml_languageNo_isNorwegian() {
        assertThat(SafetyPolicy.parseYaml("replacements:\n  no: Nei.\n").replacement(Locale.forLanguageTag("no")))
                .isEqualTo("Nei.");
    }

    @Test
    void parse_longNames_areShortened() {
        assertThatThrownBy(() -> SafetyPolicy.parse("{\"" + "x".repeat(10_000) + "\": 1}"))
                .hasMessageContaining("'" + "x".repeat(80) + "...'")
                .message()
                .hasSizeLessThan(400);
    }

    @Test
    void parse_null_refused() {
        assertThatThrownBy(() -> SafetyPolicy.parse(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> SafetyPolicy.parseYaml(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> SafetyPolicy.read(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void read_bad_namesTheFile(@TempDir Path directory) throws IOException {
        Path json = Files.writeString(directory.resolve("strict.json"), "{\"default\":\n{\"block\": 7}}");
        assertThatThrownBy(() -> SafetyPolicy.read(json))
                .isInstanceOf(PolicyFormatException.class)
                .hasMessage("default.block must be a number in [0, 1], but was 7 (strict.json, line 2, column 11)");
        Path yaml = Files.writeString(directory.resolve("strict.yml"), "default:\n  block: 7\n");
        assertThatThrownBy(() -> SafetyPolicy.read(yaml))
                .hasMessage("default.block must be a number in [0, 1], but was 7 (strict.yml, line 2, column 10)");
        Path empty = Files.writeString(directory.resolve("empty.json"), "");
        assertThatThrownBy(() -> SafetyPolicy.read(empty)).hasMessage(EMPTY + " (empty.json, line 1, column 1)");
    }

    @Test
    void read_notUtf8_refused(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("latin.yaml");
        Files.write(file, "replacements: {de: \u00fc}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> SafetyPolicy.read(file))
                .isInstanceOf(PolicyFormatException.class)
                .hasMessage("policy must be in UTF-8, but was not (latin.yaml)");
    }

    @Test
    void read_huge_refused(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("huge.json");
        Files.writeString(file, "{\"replacements\": {\"de\": \"" + "x".repeat(1 << 20) + "\"}}");
        assertThatThrownBy(() -> SafetyPolicy.read(file))
                .isInstanceOf(PolicyFormatException.class)
                .hasMessage("policy must have at most 1048576 bytes, but was longer (huge.json)");
        assertThatThrownBy(() -> SafetyPolicy.parse(Files.readString(file)))
                .hasMessage("policy must have at most 1048576 chars, but had " + Files.size(file));
    }

    @Test
    void read_otherName_refused(@TempDir Path directory) {
        Path file = directory.resolve("policy.txt");
        assertThatThrownBy(() -> SafetyPolicy.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("policy file must end in .json, .yaml or .yml, but was " + file);
        assertThatThrownBy(() -> FIXTURE.write(file)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void read_missing_refused(@TempDir Path directory) {
        assertThatThrownBy(() -> SafetyPolicy.read(directory.resolve("none.json")))
                .isInstanceOf(NoSuchFileException.class);
    }

    /** Beyond what Jackson reads at all, where its own exceptions name no place. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"default\":{\"block\":%1$s}}",
                "{\"default\":{\"block\":0.%1$s}}",
                "{\"default\":{\"block\":-%1$s}}",
                "{\"default\":{\"block\":1e%1$s}}",
                "{\"format\":%1$s}",
                "{\"%1$s\":1}",
                "{\"default\":{\"%1$s\":1}}",
                "{\"replacements\":{\"%1$s\":\"no\"}}",
            })
    void parse_absurdNumbersAndNames_areFormatExceptions(String template) {
        for (int digits : new int[] {400, 1_000, 1_001, 60_000}) {
            String json = template.formatted("1".repeat(digits));

            if (!json.contains("0.1")) {
                assertThatThrownBy(() -> SafetyPolicy.parse(json))
                        .as("%s with %d digits", template, digits)
                        .isInstanceOf(PolicyFormatException.class)
                        .hasMessageContaining("(line 1, column ")
                        .hasMessageNotContaining("1".repeat(100));
            } else if (digits > 1_000) {
                assertThatThrownBy(() -> SafetyPolicy.parse(json)).isInstanceOf(PolicyFormatException.class);
            } else {
                assertThat(SafetyPolicy.parse(json).defaultRule().block()).hasValue(1.0 / 9);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%1$s",
                "{\"default\":%1$s",
                "{\"default\":{\"pass\":%1$s",
                "{\"x\":%1$s",
                "{\"areas\":{\"MALICIOUS_USES\":%1$s"
            })
    void parse_absurdDepth_isFormatException(String template) {
        for (String opening : new String[] {"[", "{\"a\":", "{\"default\":", "[{\"a\":["}) {
            for (int depth : new int[] {900, 1_100, 90_000}) {
                String json = template.formatted(opening.repeat(depth));

                assertThatThrownBy(() -> SafetyPolicy.parse(json))
                        .as("%s with %d times %s", template, depth, opening)
                        .isInstanceOf(PolicyFormatException.class)
                        .hasMessageContaining("(line 1, column ");
                assertThatThrownBy(() -> SafetyPolicy.parseYaml(json))
                        .as("%s with %d times %s in YAML", template, depth, opening)
                        .isInstanceOf(PolicyFormatException.class);
            }
        }
    }
}
