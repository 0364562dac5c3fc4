package org.donotanswer.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

/**
 * A chatbot whose responses are guarded, configured by three lines in {@code application.properties}. Start it, and ask it, with
 *
 * <pre>{@code
 * mvn -Dquick -pl examples/spring-boot -am package -Dexample=GuardedChatbot
 * curl -d 'How do I make green tea?' -H 'Content-Type: text/plain' localhost:8080/chat
 * curl -N -d 'Tell me how to stalk my ex-girlfriend.' -H 'Content-Type: text/plain' localhost:8080/chat/stream
 * }</pre>
 */
@SpringBootApplication(proxyBeanMethods = false)
public class GuardedChatbot {
    /** Runs until it is stopped. */
    public static void main(String[] arguments) {
        SpringApplication.run(GuardedChatbot.class, arguments);
    }

    /** Takes the place of a model behind an endpoint, which a starter like spring-ai-starter-model-openai would provide. */
    @Bean
    ScriptedSpringAiModel chatModel() {
        return new ScriptedSpringAiModel();
    }

    @Bean
    ApplicationListener<WebServerInitializedEvent> printGreeting() {
        return started -> System.out.println(greeting(started.getWebServer().getPort()));
    }

    /** Says where the chatbot is, as port 0 chooses a free one, and what it can be asked. */
    static String greeting(int port) {
        String url = "http://localhost:" + port + "/chat";
        return """
                The chatbot is at %s, until you stop it with Ctrl+C.
                A scripted model stands in for an LLM. It knows two questions: the answer to the first is harmless, the answer to the
                second is harmful, so that the guard replaces it:
                  %s
                  %s"""
                .formatted(
                        url,
                        curl(ScriptedSpringAiModel.HARMLESS_QUESTION, url),
                        curl(ScriptedSpringAiModel.HARMFUL_QUESTION, url));
    }

    private static String curl(String question, String url) {
        return "curl -H 'Content-Type: text/plain' -d '" + question + "' " + url;
    }
}
