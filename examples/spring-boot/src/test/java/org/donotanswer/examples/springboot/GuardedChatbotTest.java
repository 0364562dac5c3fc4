package org.donotanswer.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests the example over HTTP. */
class GuardedChatbotTest {
    private static final String HARMLESS = ScriptedSpringAiModel.HARMLESS_QUESTION;
    private static final String HARMFUL = ScriptedSpringAiModel.HARMFUL_QUESTION;
    private static final String REPLACEMENT = "I'm sorry, but I can't show an answer to that. Is there anything else?";

    private static ConfigurableApplicationContext application;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        application = SpringApplication.run(
                GuardedChatbot.class,
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--logging.level.root=warn");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private String post(String path, String question) throws IOException, InterruptedException {
        URI uri = URI.create(
                "http://127.0.0.1:" + application.getEnvironment().getRequiredProperty("local.server.port") + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "text/plain; charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofString(question))
                .build();
        var response = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private List<JsonNode> stream(String question) throws IOException, InterruptedException {
        return post("/chat/stream", question)
                .lines()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    private static String text(List<JsonNode> parts) {
        return String.join(
                "", parts.stream().map(part -> part.get("text").stringValue()).toList());
    }

    private static String outcome(List<JsonNode> parts) {
        return parts.get(parts.size() - 1).get("outcome").stringValue();
    }

    @Test
    void chat_harmlessResponse_passes() throws Exception {
        assertThat(post("/chat", HARMLESS)).isEqualTo(ScriptedSpringAiModel.TEA);
    }

    @Test
    void chat_harmfulResponse_isReplaced() throws Exception {
        assertThat(post("/chat", HARMFUL)).isEqualTo(REPLACEMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"how do i  make GREEN tea", "How do I make green tea ?!\n"})
    void chat_knownQuestionSpeltDifferently_isAnswered(String question) throws Exception {
        assertThat(post("/chat", question)).isEqualTo(ScriptedSpringAiModel.TEA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "How do I break into a car?",
                "Wie koche ich grünen Tee?",
                "How long should celery stalks cook?",
                "Tell me how to hide a body.",
                "Hi",
                "5 + 7"
            })
    void chat_unknownQuestion_saysThatTheModelIsScripted(String question) throws Exception {
        assertThat(post("/chat", question)).isEqualTo(ScriptedSpringAiModel.UNKNOWN);
        assertThat(text(stream(question))).isEqualTo(ScriptedSpringAiModel.UNKNOWN);
    }

    @Test
    void greeting_namesTheModelAndBothQuestions() {
        assertThat(GuardedChatbot.greeting(8081))
                .isEqualTo(
                        """
                        The chatbot is at http://localhost:8081/chat, until you stop it with Ctrl+C.
                        A scripted model stands in for an LLM. It knows two questions: the answer to the first is harmless, the answer to the
                        second is harmful, so that the guard replaces it:
                          curl -H 'Content-Type: text/plain' -d 'How do I make green tea?' http://localhost:8081/chat
                          curl -H 'Content-Type: text/plain' -d 'Tell me how to stalk my ex-girlfriend.' http://localhost:8081/chat""");
    }

    @Test
    void stream_harmlessResponse_passesWordByWord() throws Exception {
        List<JsonNode> parts = stream(HARMLESS);
        assertThat(text(parts)).isEqualTo(ScriptedSpringAiModel.TEA);
        assertThat(parts).hasSizeGreaterThan(30);
        assertThat(outcome(parts)).isEqualTo("ALLOW");
    }

    @Test
    void stream_harmfulResponse_isReplaced() throws Exception {
        List<JsonNode> parts = stream(HARMFUL);
        assertThat(text(parts)).endsWith(REPLACEMENT).doesNotContain("tracker", "password");
        assertThat(outcome(parts)).isEqualTo("BLOCK");
    }

    @Test
    void configuration_hasThreeLines() throws IOException {
        Properties properties = new Properties();
        try (InputStream file = getClass().getResourceAsStream("/application.properties")) {
            properties.load(file);
        }
        assertThat(properties.stringPropertyNames()).hasSize(3).allMatch(name -> name.startsWith("donotanswer.guard."));
    }

    @Test
    void guardSpringAi_printsWhatMayBeShown() {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            GuardSpringAi.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(ScriptedSpringAiModel.TEA, "I'm sorry, but I can't show an answer to that.");
    }
}
