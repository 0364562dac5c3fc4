import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.langchain4j.OutputAction;
import org.donotanswer.guard.langchain4j.SafetyOutputGuardrail;

/** Services whose guardrail asks the model again. Prints what the caller gets: a text, or an exception with or without a verdict. */
final class VerdictAfterRetries {
    private static final SafetyGuard GUARD = SafetyGuard.of(new WordEvaluator());

    public static void main(String[] args) {
        ChatModel stubborn = Script.saying("BAD 1", "BAD 2", "BAD 3", "BAD 4", "BAD 5", "BAD 6", "Fine.");
        System.out.println("five retries: " + ask(stubborn, OutputAction.RETRY, 5, 20));
        System.out.println("memory of one: " + ask(Script.saying("BAD 1", "Fine."), OutputAction.RETRY, 1, 1));
        AiMessage call = AiMessage.from(ToolExecutionRequest.builder()
                .id("1")
                .name("search")
                .arguments("{}")
                .build());
        for (OutputAction action : new OutputAction[] {OutputAction.RETRY, OutputAction.REPROMPT}) {
            ChatModel calling = Script.responding(AiMessage.from("BAD 1"), call, AiMessage.from("Fine."));
            System.out.println(action + ", tool call: " + ask(calling, action, 1, 0));
        }
    }

    private static String ask(ChatModel model, OutputAction action, int retries, int memory) {
        AiServices<Script.Bot> service = AiServices.builder(Script.Bot.class)
                .chatModel(model)
                .outputGuardrails(SafetyOutputGuardrail.builder(GUARD)
                        .action(action)
                        .retries(retries)
                        .build());
        if (memory > 0) {
            service.chatMemory(MessageWindowChatMemory.withMaxMessages(memory));
        }
        try {
            return "'" + service.build().chat("How do locks work?") + "'";
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + (BlockedException.verdictOf(e).isPresent() ? " with verdict" : "");
        }
    }
}
