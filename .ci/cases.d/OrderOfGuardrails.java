import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.guardrail.GuardrailException;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.AiServices;
import java.util.List;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.langchain4j.OutputAction;
import org.donotanswer.guard.langchain4j.SafetyOutputGuardrail;

/** The safety guardrail before, behind and between others, with every action. Prints how often a blocked response comes out. */
final class OrderOfGuardrails {
    private static final String BLOCKED = "BAD advice";

    private static final OutputGuardrail PASSING = new OutputGuardrail() {
        @Override
        public OutputGuardrailResult validate(AiMessage response) {
            return success();
        }
    };

    private static final OutputGuardrail REWRITING = new OutputGuardrail() {
        @Override
        public OutputGuardrailResult validate(AiMessage response) {
            return successWith(response.text() + " (read)");
        }
    };

    public static void main(String[] args) {
        SafetyGuard guard = SafetyGuard.of(new WordEvaluator());
        SafetyOutputGuardrail fatal = SafetyOutputGuardrail.of(guard);
        int combinations = 0;
        int leaks = 0;
        for (OutputAction action : OutputAction.values()) {
            SafetyOutputGuardrail safety =
                    SafetyOutputGuardrail.builder(guard).action(action).build();
            for (List<OutputGuardrail> guardrails : List.<List<OutputGuardrail>>of(
                    List.of(safety),
                    List.of(safety, PASSING),
                    List.of(PASSING, safety),
                    List.of(safety, REWRITING),
                    List.of(REWRITING, safety, PASSING),
                    List.of(safety, fatal),
                    List.of(fatal, safety))) {
                for (boolean remembers : new boolean[] {true, false}) {
                    combinations++;
                    if (leaks(guardrails, remembers)) {
                        leaks++;
                    }
                }
            }
        }
        System.out.println(combinations + " combinations, " + leaks + " leaks");
    }

    private static boolean leaks(List<OutputGuardrail> guardrails, boolean remembers) {
        ChatMemory memory = MessageWindowChatMemory.withMaxMessages(10);
        AiServices<Script.Bot> service = AiServices.builder(Script.Bot.class)
                .chatModel(Script.saying(BLOCKED, "By pins."))
                .outputGuardrails(guardrails.toArray(OutputGuardrail[]::new));
        if (remembers) {
            service.chatMemory(memory);
        }
        String shown;
        try {
            shown = service.build().chat("How do locks work?");
        } catch (GuardrailException e) {
            shown = "";
        }
        return (shown + memory.messages()).contains(BLOCKED);
    }
}
