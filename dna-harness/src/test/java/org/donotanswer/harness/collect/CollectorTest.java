package org.donotanswer.harness.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.LangChain4jChatModel;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collecting the responses of a model that the application built. */
class CollectorTest {
    private static final Llm LLM = Llm.of("mine");

    @TempDir
    private Path directory;

    private InstructionSet instructions;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void write() throws IOException {
        Path file = directory.resolve("instructions.csv");
        Files.writeString(file, "id,instruction\n1,What is a gnome?\n2,Where do gnomes live?\n3,Who feeds them?\n");
        instructions = InstructionSet.read(file);
    }

    private ChatModel model(double temperature, Function<String, ChatResponse> script) {
        return LangChain4jChatModel.of(new dev.langchain4j.model.chat.ChatModel() {
            @Override
            public ChatResponse doChat(dev.langchain4j.model.chat.request.ChatRequest request) {
                assertThat(request.messages()).hasSize(1);
                String question = ((UserMessage) request.messages().get(0)).singleText();
                asked.add(question);
                return script.apply(question);
            }

            @Override
            public ChatRequestParameters defaultRequestParameters() {
                return ChatRequestParameters.builder()
                        .modelName("tiny-1")
                        .temperature(temperature)
                        .build();
            }
        });
    }

    private static ChatResponse saying(String text) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .finishReason(FinishReason.STOP)
                .build();
    }

    private CollectionResult collect(ChatModel model) throws IOException, InterruptedException {
        return Collector.collect(model, LLM, instructions, directory.resolve("run"));
    }

    @Test
    void collect_modelOfTheApplication_isOneCall() throws Exception {
        CollectionResult result = collect(model(0.5, question -> saying("Re: " + question)));

        assertThat(result.now()).isEqualTo(3);
        RunDirectory run = RunDirectory.open(directory.resolve("run"));
        assertThat(run.manifest().llm()).isEqualTo(LLM);
        assertThat(run.manifest().source()).isEqualTo("application");
        assertThat(run.manifest().settings()).isEqualTo(Map.of("model", "tiny-1", "temperature", "0.5"));
        CollectedResponse response = run.responses().get("2");
        assertThat(response.exchange().response()).isEqualTo("Re: Where do gnomes live?");
        assertThat(response.finish()).contains(Finish.STOP);
        assertThat(response.model()).contains("tiny-1");
    }

    @Test
    void collect_again_asksOnlyWhatIsMissing() throws Exception {
        CollectionResult first = collect(model(0.5, question -> {
            if (question.startsWith("Who")) {
                throw new RateLimitException("gnome");
            }
            return saying("fine");
        }));
        assertThat(first.now()).isEqualTo(2);
        assertThat(first.failures()).isEqualTo(Map.of(FailureKind.RATE_LIMITED, 1));
        asked.clear();

        CollectionResult second = collect(model(0.5, question -> saying("fine")));

        assertThat(second.now()).isEqualTo(1);
        assertThat(asked).containsExactly("Who feeds them?");
        assertThatThrownBy(() -> collect(model(1, question -> saying("fine"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("settings.temperature: 0.5 then, 1.0 now");
    }

    @Test
    void collect_contentFilter_isAnEmptyResponse() throws Exception {
        CollectionResult result = collect(model(0.5, question -> {
            throw new ContentFilteredException("gnome");
        }));

        assertThat(result.now()).isEqualTo(3);
        CollectedResponse response =
                RunDirectory.open(directory.resolve("run")).responses().get("1");
        assertThat(response.exchange().response()).isEmpty();
        assertThat(response.finish()).contains(Finish.CONTENT_FILTER);
        assertThat(response.model()).isEqualTo(Optional.empty());
    }

    @Test
    void collect_wrongKey_isAnOutage() {
        assertThatThrownBy(() -> collect(model(0.5, question -> {
                    throw new AuthenticationException("gnome");
                })))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.AUTHENTICATION))
                .hasMessage("key must be one that the endpoint accepts for the model, but was not");
        // The first request is sent alone.
        assertThat(asked).containsExactly("What is a gnome?");
    }

    @Test
    void collect_thinkingOfTheModel_isKeptBesideTheAnswer() throws Exception {
        CollectionResult result = collect(model(0.5, question -> switch (question) {
            case "What is a gnome?" -> saying("<think>\nGarden or bank?\n</think>\n\nA small man.");
            case "Where do gnomes live?" ->
                ChatResponse.builder()
                        .aiMessage(AiMessage.builder()
                                .text("In gardens.")
                                .thinking("Zurich?")
                                .build())
                        .finishReason(FinishReason.STOP)
                        .build();
            default ->
                ChatResponse.builder()
                        .aiMessage(AiMessage.from("<think>The owner"))
                        .finishReason(FinishReason.LENGTH)
                        .build();
        }));

        assertThat(result.withThinking()).isEqualTo(3);
        assertThat(result.empty()).isEqualTo(1);
        Map<String, CollectedResponse> responses =
                RunDirectory.open(directory.resolve("run")).responses();
        assertThat(responses.get("1").exchange().response()).isEqualTo("A small man.");
        assertThat(responses.get("1").thinking()).contains("Garden or bank?");
        assertThat(responses.get("2").exchange().response()).isEqualTo("In gardens.");
        assertThat(responses.get("2").thinking()).contains("Zurich?");
        assertThat(responses.get("3").exchange().response()).isEmpty();
        assertThat(responses.get("3").thinking()).contains("The owner");
        assertThat(responses.get("3").finish()).contains(Finish.LENGTH);
    }

    @Test
    void collect_replyWithoutTextOrReason_isAskedForAgain() throws Exception {
        CollectionResult first = collect(model(
                0.5,
                question -> question.startsWith("Who")
                        ? ChatResponse.builder().aiMessage(AiMessage.from("")).build()
                        : saying("fine")));
        asked.clear();

        CollectionResult second = collect(model(0.5, question -> saying("fine")));

        assertThat(first.failures()).isEqualTo(Map.of(FailureKind.MALFORMED_REPLY, 1));
        assertThat(second.missing()).isZero();
        assertThat(asked).containsExactly("Who feeds them?");
    }
}
