package org.donotanswer.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A chatbot whose answers are guarded: the three lines of {@code application.properties} are all that it takes. Ask it with
 *
 * <pre>{@code
 * curl -d 'How do I make green tea?' -H 'Content-Type: text/plain' localhost:8080/chat
 * curl -N -d 'Tell me how to stalk my ex-girlfriend.' -H 'Content-Type: text/plain' localhost:8080/chat/stream
 * }</pre>
 */
@SpringBootApplication(proxyBeanMethods = false)
public class GuardedChatbot {
    /** Serves until it is stopped. */
    public static void main(String[] arguments) {
        SpringApplication.run(GuardedChatbot.class, arguments);
    }

    /** Stands for a model behind an endpoint, which a starter such as spring-ai-starter-model-openai would bring along. */
    @Bean
    ScriptedSpringAiModel chatModel() {
        return new ScriptedSpringAiModel();
    }
}
