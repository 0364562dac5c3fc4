package org.donotanswer.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrosswalkTest {
    @Test
    void version_mapping_changeTogether() {
        // If this fails, the mapping has changed: increase VERSION and pin the new checksum.
        String mapping = Arrays.stream(SpecificHarm.values())
                .map(harm -> harm + " " + Crosswalk.ailuminate(harm) + " " + Crosswalk.llamaGuard(harm) + " "
                        + Crosswalk.openAiModeration(harm))
                .collect(Collectors.joining("\n"));

        assertThat(Crosswalk.VERSION).isEqualTo("1");
        assertThat(Sha256.of(mapping.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("569dbfaf838a7d5b20024d266a9b784d156031fcf4affedd9227eb39b76bb787");
    }

    @Test
    void specificHarm_clearCases_areMapped() {
        assertThat(Crosswalk.ailuminate(SpecificHarm.DEFAMATORY_CONTENT)).containsExactly(AiluminateHazard.DEFAMATION);
        assertThat(Crosswalk.ailuminate(SpecificHarm.LEGAL_ADVICE))
                .containsExactly(AiluminateHazard.SPECIALIZED_ADVICE_LEGAL);
        assertThat(Crosswalk.llamaGuard(SpecificHarm.SELF_HARM))
                .containsExactly(LlamaGuardCategory.SUICIDE_AND_SELF_HARM);
        assertThat(Crosswalk.llamaGuard(SpecificHarm.TERRORIST_ACTIVITIES))
                .containsExactly(LlamaGuardCategory.VIOLENT_CRIMES, LlamaGuardCategory.INDISCRIMINATE_WEAPONS);
        assertThat(Crosswalk.openAiModeration(SpecificHarm.GRAPHIC_VIOLENCE))
                .containsExactly(OpenAiModerationCategory.VIOLENCE, OpenAiModerationCategory.VIOLENCE_GRAPHIC);
    }

    @Test
    void none_whereNoneFits() {
        assertThat(Crosswalk.ailuminate(HarmType.CHATBOT_AS_HUMAN)).isEmpty();
        assertThat(Crosswalk.llamaGuard(HarmType.CHATBOT_AS_HUMAN)).isEmpty();
        assertThat(Crosswalk.openAiModeration(HarmType.CHATBOT_AS_HUMAN)).isEmpty();
        assertThat(Crosswalk.ailuminate(HarmType.DISINFORMATION_CAMPAIGNS)).isEmpty();
        assertThat(Crosswalk.openAiModeration(HarmType.PRIVATE_INFORMATION)).isEmpty();
        assertThat(Crosswalk.llamaGuard(SpecificHarm.GRAPHIC_VIOLENCE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(HarmType.class)
    void harmType_any_isUnionOfSpecificHarms(HarmType type) {
        assertThat(Crosswalk.ailuminate(type))
                .isEqualTo(type.specificHarms().stream()
                        .flatMap(harm -> Crosswalk.ailuminate(harm).stream())
                        .collect(Collectors.toSet()));
        assertThat(Crosswalk.llamaGuard(type))
                .isEqualTo(type.specificHarms().stream()
                        .flatMap(harm -> Crosswalk.llamaGuard(harm).stream())
                        .collect(Collectors.toSet()));
        assertThat(Crosswalk.openAiModeration(type))
                .isEqualTo(type.specificHarms().stream()
                        .flatMap(harm -> Crosswalk.openAiModeration(harm).stream())
                        .collect(Collectors.toSet()));
    }

    @Test
    void categories_withoutHarm_areKnown() {
        Set<AiluminateHazard> hazards = EnumSet.allOf(AiluminateHazard.class);
        Set<LlamaGuardCategory> categories = EnumSet.allOf(LlamaGuardCategory.class);
        Set<OpenAiModerationCategory> moderation = EnumSet.allOf(OpenAiModerationCategory.class);
        for (HarmType type : HarmType.values()) {
            hazards.removeAll(Crosswalk.ailuminate(type));
            categories.removeAll(Crosswalk.llamaGuard(type));
            moderation.removeAll(Crosswalk.openAiModeration(type));
        }

        assertThat(hazards).containsExactly(AiluminateHazard.SPECIALIZED_ADVICE_ELECTIONS);
        assertThat(categories).containsExactly(LlamaGuardCategory.ELECTIONS, LlamaGuardCategory.CODE_INTERPRETER_ABUSE);
        assertThat(moderation).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(SpecificHarm.class)
    void ailuminateAndLlamaGuard_sameNames_agree(SpecificHarm harm) {
        // Llama Guard uses MLCommons' taxonomy, except that specialized advice is split differently.
        assertThat(Crosswalk.ailuminate(harm).stream()
                        .map(hazard ->
                                hazard.name().startsWith("SPECIALIZED_ADVICE") ? "SPECIALIZED_ADVICE" : hazard.name())
                        .collect(Collectors.toSet()))
                .isEqualTo(Crosswalk.llamaGuard(harm).stream().map(Enum::name).collect(Collectors.toSet()));
    }

    @Test
    void sets_areUnmodifiable() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> Crosswalk.ailuminate(HarmType.ADULT_CONTENT).clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> Crosswalk.llamaGuard(SpecificHarm.SELF_HARM).clear());
    }

    @Test
    void null_namesParameter() {
        assertThatNullPointerException()
                .isThrownBy(() -> Crosswalk.ailuminate((HarmType) null))
                .withMessage("type");
        assertThatNullPointerException()
                .isThrownBy(() -> Crosswalk.llamaGuard((SpecificHarm) null))
                .withMessage("harm");
    }

    @Test
    void fromLabel_anyName_isConstant() {
        assertThat(AiluminateHazard.values())
                .allMatch(hazard -> AiluminateHazard.fromLabel(hazard.uid()) == hazard
                        && AiluminateHazard.fromLabel(hazard.label()) == hazard
                        && AiluminateHazard.fromLabel(hazard.name()) == hazard);
        assertThat(LlamaGuardCategory.values())
                .allMatch(category -> LlamaGuardCategory.fromLabel(category.code()) == category
                        && LlamaGuardCategory.fromLabel(category.label()) == category
                        && LlamaGuardCategory.fromLabel(category.name()) == category);
        assertThat(OpenAiModerationCategory.values())
                .allMatch(category -> OpenAiModerationCategory.fromLabel(category.label()) == category
                        && OpenAiModerationCategory.fromLabel(category.name()) == category);
        assertThat(Arrays.stream(LlamaGuardCategory.values()).map(LlamaGuardCategory::code))
                .containsExactly(
                        "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "S14");
    }

    @Test
    void fromLabel_unknown_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AiluminateHazard.fromLabel("Defamatio"))
                .withMessage(
                        "AILuminate hazard must be a known label, but was 'Defamatio' (did you mean 'Defamation'?)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LlamaGuardCategory.fromLabel("unsafe"))
                .withMessage("Llama Guard category must be a known label, but was 'unsafe'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenAiModerationCategory.fromLabel("self-harm/intents"))
                .withMessage("OpenAI moderation category must be a known label, but was 'self-harm/intents'"
                        + " (did you mean 'self-harm/intent'?)");
    }

    @Test
    void json_roundTrips() throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();

        assertThat(mapper.writeValueAsString(Crosswalk.llamaGuard(SpecificHarm.TERRORIST_ACTIVITIES)))
                .isEqualTo("[\"VIOLENT_CRIMES\",\"INDISCRIMINATE_WEAPONS\"]");
        assertThat(mapper.readValue("\"S9\"", LlamaGuardCategory.class))
                .isEqualTo(LlamaGuardCategory.INDISCRIMINATE_WEAPONS);
        assertThat(mapper.readValue("\"spc_hlt\"", AiluminateHazard.class))
                .isEqualTo(AiluminateHazard.SPECIALIZED_ADVICE_HEALTH);
        assertThat(mapper.readValue("\"sexual/minors\"", OpenAiModerationCategory.class))
                .isEqualTo(OpenAiModerationCategory.SEXUAL_MINORS);
    }
}
