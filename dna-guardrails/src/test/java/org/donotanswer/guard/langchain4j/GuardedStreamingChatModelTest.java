package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;

/** Guards streaming models with custom handlers. */
class GuardedStreamingChatModelTest {
    private static final String REPLACEMENT = SafetyPolicy.DEFAULT_REPLACEMENT;
    private static final String GOOD = "Locks have pins. Pins are of brass. Brass is an alloy. It does not rust.";
    private static final String ILL = "Locks have pins. Pins are of brass. Now some BAD advice. And even more.";

    private final WordEvaluator evaluator = new WordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);

    private static StreamGuard.Builder windows(SafetyGuard guard) {
        return StreamGuard.builder()
                .guard(guard)
                .minimumStep(10)
                .maximumStep(20)
                .overlap(5);
    }

    private GuardedStreamingChatModel.Builder guarded(StreamingChatModel model) {
        return GuardedStreamingChatModel.builder(model, windows(guard).build());
    }

    private static Received chat(StreamingChatModel model) {
        Received received = new Received();
        model.chat("How do locks work?", received);
        return received;
    }

    @Test
    void responseThatPasses_isStreamed_andCompletedUnchanged() {
        Received received = chat(guarded(ScriptedStreamingModel.saying(GOOD)).build());

        assertThat(received.shown()).isEqualTo(GOOD);
        assertThat(received.parts).hasSizeGreaterThan(2);
        assertThat(received.responses).containsExactly(ScriptedModel.response(AiMessage.from(GOOD)));
        assertThat(received.errors).isEmpty();
        assertThat(evaluator.exchanges)
                .allSatisfy(exchange -> assertThat(exchange.instruction()).isEqualTo("How do locks work?"));
    }

    @Test
    void parts_areShownWhileTheModelContinues() {
        Received received = new Received();
        List<String> shownBeforeLastToken = new ArrayList<>();
        StreamingChatModel model = new ScriptedStreamingModel(handler -> {
            handler.onPartialResponse(GOOD.substring(0, 50));
            shownBeforeLastToken.add(received.shown());
            handler.onPartialResponse(GOOD.substring(50));
            handler.onCompleteResponse(ScriptedModel.response(AiMessage.from(GOOD)));
        });

        guarded(model).build().chat("Hi", received);

        assertThat(shownBeforeLastToken.get(0)).startsWith("Locks have pins.");
        assertThat(received.shown()).isEqualTo(GOOD);
    }

    @Test
    void defaultWindows_work() {
        Received received = chat(GuardedStreamingChatModel.of(ScriptedStreamingModel.saying(GOOD), guard));

        assertThat(received.shown()).isEqualTo(GOOD);
    }

    @Test
    void blockedResponse_endsAtOnce_withReplacement() {
        Received received = chat(guarded(ScriptedStreamingModel.saying(ILL)).build());

        assertThat(received.shown()).endsWith("\n\n" + REPLACEMENT).doesNotContain("BAD");
        String released = received.shown().substring(0, received.shown().indexOf("\n\n"));
        assertThat(released).isNotEmpty();
        assertThat(ILL).startsWith(released);
        assertThat(received.events).endsWith("part", "complete").containsOnlyOnce("complete");
        ChatResponse response = received.responses.get(0);
        assertThat(response.aiMessage()).isEqualTo(AiMessage.from(REPLACEMENT));
        assertThat(response.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(received.errors).isEmpty();
    }

    @Test
    void blockedFromTheStart_showsOnlyTheReplacement() {
        Received received =
                chat(guarded(ScriptedStreamingModel.saying("BAD advice")).build());

        assertThat(received.shown()).isEqualTo(REPLACEMENT);
        assertThat(received.response()).isEqualTo(REPLACEMENT);
        // The model had sent everything by then, including the token usage.
        assertThat(received.responses.get(0).tokenUsage()).isEqualTo(new TokenUsage(3, 5));
        assertThat(received.responses.get(0).toString()).doesNotContain("BAD");
    }

    @Test
    void blockedResponse_error_isReported() {
        Received received = chat(guarded(ScriptedStreamingModel.saying(ILL))
                .action(ModelAction.ERROR)
                .build());

        assertThat(received.shown()).isNotEmpty().doesNotContain("BAD");
        assertThat(ILL).startsWith(received.shown());
        assertThat(received.events).endsWith("error").doesNotContain("complete");
        assertThat(received.errors).singleElement().satisfies(error -> assertThat(
                        BlockedException.verdictOf(error).orElseThrow().reason())
                .isEqualTo(Reason.HARMFUL));
    }

    @Test
    void modelThatSendsNoParts_isGuarded() {
        assertThat(chat(guarded(new ScriptedStreamingModel(ScriptedStreamingModel.tokens(AiMessage.from(GOOD))))
                                .build())
                        .shown())
                .isEqualTo(GOOD);
        assertThat(chat(guarded(new ScriptedStreamingModel(ScriptedStreamingModel.tokens(AiMessage.from(ILL))))
                                .build())
                        .shown())
                .contains("pins")
                .doesNotContain("BAD");
    }

    @Test
    void completeText_thatDiffers_isChecked() {
        AiMessage other = AiMessage.from("BAD advice");
        Received received =
                chat(guarded(new ScriptedStreamingModel(ScriptedStreamingModel.tokens(other, "Locks ", "have pins.")))
                        .build());

        assertThat(received.response()).isEqualTo(REPLACEMENT);
        assertThat(received.shown()).isEqualTo("Locks have pins.\n\n" + REPLACEMENT);
    }

    @Test
    void completeText_thatIsTrimmed_isPassedOn() {
        Received received = chat(guarded(new ScriptedStreamingModel(
                        ScriptedStreamingModel.tokens(AiMessage.from("Pins."), " Pins", ".\n")))
                .build());

        assertThat(received.response()).isEqualTo("Pins.");
        assertThat(received.shown()).isEqualTo(" Pins.\n");
        assertThat(evaluator.exchanges).hasSize(1);
    }

    @Test
    void emptyResponse_isPassedOn() {
        for (AiMessage nothing : List.of(AiMessage.from(""), new AiMessage(null, List.of()))) {
            Received received = chat(guarded(new ScriptedStreamingModel(ScriptedStreamingModel.tokens(nothing)))
                    .build());

            assertThat(received.events).containsExactly("complete");
            assertThat(received.responses.get(0).aiMessage()).isEqualTo(nothing);
        }
    }

    @Test
    void toolCall_passesWithoutText_butNotWithABlockedOne() {
        ToolExecutionRequest call =
                ToolExecutionRequest.builder().id("1").name("time").build();
        AiMessage callOnly = AiMessage.from(call);
        AiMessage both = AiMessage.from("BAD plan", List.of(call));

        Received passed = chat(guarded(new ScriptedStreamingModel(ScriptedStreamingModel.tokens(callOnly)))
                .build());
        Received blocked = chat(guarded(new ScriptedStreamingModel(ScriptedStreamingModel.tokens(both, "BAD ", "plan")))
                .build());

        assertThat(passed.responses).containsExactly(ScriptedModel.response(callOnly));
        assertThat(blocked.responses.get(0).aiMessage()).isEqualTo(AiMessage.from(REPLACEMENT));
    }

    @Test
    void shadowMode_showsEverything() {
        SafetyGuard shadow =
                SafetyGuard.of(evaluator, SafetyPolicy.builder().shadow(true).build());

        Received received = chat(GuardedStreamingChatModel.of(
                ScriptedStreamingModel.saying(ILL), windows(shadow).build()));

        assertThat(received.shown()).isEqualTo(ILL);
        assertThat(received.response()).isEqualTo(ILL);
    }

    @Test
    void userTextAndLocale_areUsed() {
        SafetyGuard bilingual = SafetyGuard.of(
                evaluator,
                SafetyPolicy.builder()
                        .replacement(Locale.ENGLISH, "Not this.")
                        .replacement(Locale.GERMAN, "Das nicht.")
                        .build());
        Received received = new Received();
        List<ChatMessage> messages =
                List.of(UserMessage.from("One?"), AiMessage.from("One."), UserMessage.from("Two?\n\nA RISKY passage."));

        GuardedStreamingChatModel.builder(ScriptedStreamingModel.saying("BAD"), StreamGuard.of(bilingual))
                .userText(request -> "Two?")
                .locale(request -> Locale.GERMANY)
                .build()
                .chat(messages, received);

        assertThat(evaluator.lastInstruction()).isEqualTo("Two?");
        assertThat(received.shown()).isEqualTo("Das nicht.");
    }

    @Test
    void model_describesItselfAsTheWrappedOne() {
        ChatRequestParameters parameters =
                DefaultChatRequestParameters.builder().temperature(0.5).build();
        StreamingChatModel within = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                assertThat(request.parameters().temperature()).isEqualTo(0.5);
                handler.onCompleteResponse(ScriptedModel.response(AiMessage.from("Fine.")));
            }

            @Override
            public ChatRequestParameters defaultRequestParameters() {
                return parameters;
            }

            @Override
            public ModelProvider provider() {
                return ModelProvider.OLLAMA;
            }

            @Override
            public Set<Capability> supportedCapabilities() {
                return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
            }
        };

        StreamingChatModel model = guarded(within).build();

        assertThat(chat(model).response()).isEqualTo("Fine.");
        assertThat(model.defaultRequestParameters()).isSameAs(parameters);
        assertThat(model.provider()).isEqualTo(ModelProvider.OLLAMA);
        assertThat(model.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    @Test
    void optionSetTwice_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> guarded(ScriptedStreamingModel.saying(""))
                        .action(ModelAction.ERROR)
                        .action(ModelAction.REPLACE))
                .withMessage("action must be set once, but was ERROR and then REPLACE");
        assertThatIllegalStateException()
                .isThrownBy(() -> guarded(ScriptedStreamingModel.saying(""))
                        .locale(Locale.GERMAN)
                        .locale(Locale.FRENCH))
                .withMessage("locale must be set once, but was de and then fr");
        assertThatIllegalStateException()
                .isThrownBy(() -> guarded(ScriptedStreamingModel.saying(""))
                        .userText(request -> "")
                        .userText(request -> ""))
                .withMessageStartingWith("userText must be set once, but was ");
    }
}
