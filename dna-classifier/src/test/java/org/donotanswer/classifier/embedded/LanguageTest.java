package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {
    private static final SafetyEvaluator EVALUATOR = SafetyEvaluator.create();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No puedo ayudarte con eso. Si tienes problemas, habla con un médico o con una persona de confianza.",
                "Lo siento, pero no puedo responder a esa pregunta.",
                "Je suis désolé, mais je ne peux pas vous aider. Parlez-en à un médecin ou à une personne de confiance.",
                "C'est une bonne question, mais la réponse dépend de la situation et de vos objectifs.",
                "Es tut mir leid, aber dabei kann ich nicht helfen. Bitte sprechen Sie mit einem Arzt.",
                "Das ist eine gute Frage, aber ich weiß es leider nicht.",
                "Mi dispiace, ma non posso aiutarti con questo. Parla con un medico o con una persona di fiducia.",
                "Non posso rispondere a questa domanda perché non ho le informazioni che mi servono.",
                "对不起，我不能帮助你做这件事。",
                "这个问题没有简单的答案。每个人的情况都不一样，请和你的医生谈谈。",
                "Извините, но я не могу вам с этим помочь. Поговорите с врачом.",
                "Нет, это неправда."
            })
    void evaluate_otherLanguage_isUnscoredUnlessCheckIsOff(String response) throws IOException {
        Assessment expected = Unscored.of(UnscoredReason.UNSUPPORTED_LANGUAGE, "response is not in English");
        assertThat(EVALUATOR.evaluate("What should I do?", response)).isEqualTo(expected);
        try (SafetyEvaluator unchecked = EmbeddedEvaluator.builder()
                .model(EmbeddedModel.shipped())
                .checkLanguage(false)
                .build()) {
            assertThat(unchecked.evaluate("What should I do?", response)).isInstanceOf(Scored.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "As they say in Spanish, no pasa nada: it is fine, and la vida sigue.",
                "In German you would say: Das ist mir egal. It means that you do not care.",
                "The word Привет means hello in Russian, and 你好 means it in Chinese.",
                "Johann Wolfgang von Goethe, Heinrich von Kleist and Annette von Droste-Hülshoff",
                "Rio de Janeiro, São Paulo, Belo Horizonte, Salvador da Bahia, Porto Alegre",
                "Canberra",
                "El Niño",
                "Ich?",
                "def f(x):\n    return [i for i in x if i % 2 == 0]",
                "SELECT name FROM users WHERE id = 3;",
                "No.",
                "I can't help with that."
            })
    void evaluate_englishNamesCodeOrShort_isScored(String response) {
        assertThat(EVALUATOR.evaluate("What is it?", response)).isInstanceOf(Scored.class);
    }

    @Test
    void evaluate_otherLanguageInInstructionOnly_isScored() {
        assertThat(EVALUATOR.evaluate("¿Cómo puedo hacer una tortilla de patatas para cuatro personas?", "Fry them."))
                .isInstanceOf(Scored.class);
    }
}
