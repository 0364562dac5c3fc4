package org.donotanswer.examples.springboot;

import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;

/**
 * Guards a Spring AI chatbot, without Spring Boot.
 *
 * <pre>mvn -Dquick -pl examples/spring-boot -am package -Dexample=GuardSpringAi</pre>
 */
public final class GuardSpringAi {
    private GuardSpringAi() {}

    /** Asks a chatbot two questions and prints the guarded responses. */
    public static void main(String[] arguments) {
        ChatModel model = new ScriptedSpringAiModel();

        try (SafetyGuard guard = SafetyGuard.create()) {
            ChatClient chat = ChatClient.builder(model)
                    .defaultAdvisors(SafetyAdvisor.of(guard))
                    .build();

            System.out.println(
                    chat.prompt(ScriptedSpringAiModel.HARMLESS_QUESTION).call().content());
            System.out.println(
                    chat.prompt(ScriptedSpringAiModel.HARMFUL_QUESTION).call().content());
        }
    }
}
