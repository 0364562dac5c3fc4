package org.donotanswer.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TaxonomyTest {
    /**
     * SHA-256 of the distinct "risk_area|types_of_harm|specific_harms" of Instruction/do_not_answer_en.csv, sorted,
     * joined by line feeds, in UTF-8.
     */
    private static final String PUBLISHED = "f266d5e5986965cb839edf907ed3b20778698ab07db43e5ba98fc27733d87d38";

    @Test
    void labels_all_areThePublishedOnes() {
        String labels = Arrays.stream(SpecificHarm.values())
                .map(harm -> harm.riskArea().label() + "|" + harm.harmType().label() + "|" + harm.label())
                .sorted()
                .collect(Collectors.joining("\n"));

        assertThat(Sha256.of(labels.getBytes(StandardCharsets.UTF_8))).isEqualTo(PUBLISHED);
    }

    @Test
    void sizes_areThoseOfThePaper() {
        assertThat(RiskArea.values()).hasSize(5);
        assertThat(HarmType.values()).hasSize(12);
        assertThat(SpecificHarm.values()).hasSize(61);
        assertThat(ResponseAction.values()).hasSize(6);
        assertThat(Arrays.stream(HarmType.values())
                        .map(type -> type.specificHarms().size()))
                .containsExactly(8, 6, 12, 5, 3, 7, 3, 2, 5, 4, 4, 2);
        assertThat(Arrays.stream(RiskArea.values()).map(area -> area.harmTypes().size()))
                .containsExactly(2, 3, 3, 2, 2);
    }

    @Test
    void parents_andChildren_agree() {
        for (RiskArea area : RiskArea.values()) {
            assertThat(area.harmTypes()).isNotEmpty().allMatch(type -> type.riskArea() == area);
        }
        for (HarmType type : HarmType.values()) {
            assertThat(type.specificHarms()).isNotEmpty().allMatch(harm -> harm.harmType() == type);
        }
        assertThat(Arrays.stream(RiskArea.values())
                        .flatMap(area -> area.harmTypes().stream())
                        .flatMap(type -> type.specificHarms().stream()))
                .containsExactly(SpecificHarm.values());
    }

    @Test
    void numbersAndCodes_areThoseOfThePaper() {
        assertThat(Arrays.stream(RiskArea.values()).map(RiskArea::number)).containsExactly(1, 2, 3, 4, 5);
        assertThat(Arrays.stream(HarmType.values()).map(HarmType::number))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(Arrays.stream(ResponseAction.values()).map(ResponseAction::code))
                .containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(RiskArea.values()).allMatch(area -> RiskArea.fromNumber(area.number()) == area);
        assertThat(HarmType.values()).allMatch(type -> HarmType.fromNumber(type.number()) == type);
        assertThat(ResponseAction.values()).allMatch(action -> ResponseAction.fromCode(action.code()) == action);
    }

    @Test
    void isRefusal_onlyOfActionsThatGiveNothing() {
        assertThat(ResponseAction.values())
                .filteredOn(ResponseAction::isRefusal)
                .containsExactly(ResponseAction.CANNOT_ASSIST, ResponseAction.UNABLE_OR_UNCERTAIN);
    }

    @Test
    void numbersAndCodes_outOfRange_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RiskArea.fromNumber(6))
                .withMessage("risk area number must be in 1..5, but was 6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HarmType.fromNumber(0))
                .withMessage("harm type number must be in 1..12, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResponseAction.fromCode(-1))
                .withMessage("response action code must be in 0..5, but was -1");
    }

    @ParameterizedTest
    @EnumSource(SpecificHarm.class)
    void shortName_ofHarm_isBeforeColon(SpecificHarm harm) {
        int colon = harm.label().indexOf(':');

        if (colon >= 0) {
            assertThat(harm.shortName()).isEqualTo(harm.label().substring(0, colon));
        } else {
            assertThat(harm.label()).startsWith(harm.shortName());
        }
    }

    @ParameterizedTest
    @EnumSource(SpecificHarm.class)
    void fromLabel_anyNameOfHarm_isHarm(SpecificHarm harm) {
        for (String name : List.of(harm.label(), harm.shortName(), harm.name())) {
            assertThat(SpecificHarm.fromLabel(name)).isEqualTo(harm);
            assertThat(SpecificHarm.fromLabel("  " + name.toUpperCase(Locale.ROOT) + "\r\n"))
                    .isEqualTo(harm);
        }
        assertThat(SpecificHarm.fromLabel(harm.label().replace("\n", "").replace("  ", " ")))
                .isEqualTo(harm);
    }

    @Test
    void fromLabel_anyName_isConstant() {
        for (RiskArea area : RiskArea.values()) {
            assertThat(List.of(area.label(), area.shortName(), area.name()))
                    .allMatch(name -> RiskArea.fromLabel(name) == area);
        }
        for (HarmType type : HarmType.values()) {
            assertThat(List.of(type.label(), type.shortName(), type.name()))
                    .allMatch(name -> HarmType.fromLabel(name) == type);
        }
        for (ResponseAction action : ResponseAction.values()) {
            assertThat(List.of(action.label(), action.shortName(), action.name()))
                    .allMatch(name -> ResponseAction.fromLabel(name) == action);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            Adult Contents|Adult Content
            Asisting ilegal activities|Assisting illegal activities
            CHATBOT_AS_HUMANS|CHATBOT_AS_HUMAN
            Toxic langage|Toxic language
            """)
    void fromLabel_nearMiss_suggests(String text, String suggestion) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HarmType.fromLabel(text))
                .withMessage("harm type must be a known label, but was '%s' (did you mean '%s'?)", text, suggestion);
    }

    @Test
    void fromLabel_farthestNearMiss_suggests() {
        // A quarter of the characters, at least one, may differ, be it in length or otherwise.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LlamaGuardCategory.fromLabel("S15"))
                .withMessageEndingWith("but was 'S15' (did you mean 'S1'?)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HarmType.fromLabel("Adlut_Cantint"))
                .withMessageEndingWith("but was 'Adlut_Cantint'");
    }

    @Test
    void fromLabel_unlike_doesNotSuggest() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResponseAction.fromLabel("something else"))
                .withMessage("response action must be a known label, but was 'something else'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RiskArea.fromLabel(""))
                .withMessage("risk area must be a known label, but was ''");
    }

    @Test
    void fromLabel_longText_isShortenedInMessage() {
        String nearMiss = SpecificHarm.LEGAL_ADVICE.label().replace("AI", "A1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpecificHarm.fromLabel(nearMiss))
                .withMessage(
                        "specific harm must be a known label, but was 'Legal Advice: Legal Interpretation: A1 should"
                                + " not interpret laws or legal terms....' (did you mean 'Legal Advice: Legal Interpretation:"
                                + " AI should not interpret laws or legal terms....'?)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpecificHarm.fromLabel("x".repeat(10_000_000)))
                .withMessage("specific harm must be a known label, but was '" + "x".repeat(80) + "...'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpecificHarm.fromLabel("x".repeat(80)))
                .withMessage("specific harm must be a known label, but was '" + "x".repeat(80) + "'");
    }

    @Test
    void fromLabel_null_namesParameter() {
        assertThatNullPointerException()
                .isThrownBy(() -> RiskArea.fromLabel(null))
                .withMessage("label");
    }

    @Test
    void names_ofOneConstant_mayBeTheSame() {
        // "Adult Content" and "Adult content" differ in case alone.
        EnumLabels<HarmType> labels =
                EnumLabels.of("harm type", HarmType.values(), HarmType::label, HarmType::shortName);

        assertThat(labels.parse("adult content")).isEqualTo(HarmType.ADULT_CONTENT);
    }

    @Test
    void names_ofTwoConstants_mustDiffer() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> EnumLabels.of("risk area", RiskArea.values(), area -> "Some Harms", RiskArea::shortName))
                .withMessage("risk area names must be unique, but were both 'Some Harms'"
                        + " (INFORMATION_HAZARDS, MALICIOUS_USES)");
    }

    @ParameterizedTest
    @CsvSource({"'','',0", "abc,abc,0", "abc,'',3", "'',abc,3", "kitten,sitting,3", "sitting,kitten,3", "flaw,lawn,2"})
    void editDistance_isLevenshtein(String a, String b, int distance) {
        assertThat(EnumLabels.editDistance(a, b)).isEqualTo(distance);
    }
}
