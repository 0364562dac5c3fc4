package org.donotanswer.classifier.judge;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.ChatReply;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.ChatRequest;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.taxonomy.ResponseAction;

/** A chat model that follows a script. Thread-safe if the script is. */
final class ScriptedChat implements ChatModel {
    private static final Pattern TOKEN = Pattern.compile("(?:the string |<verdict token=\")([0-9a-f]{24})");

    private final Script script;
    private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    ScriptedChat(Script script) {
        this.script = script;
    }

    /** Replies to requests. */
    @FunctionalInterface
    interface Script {
        ChatReply reply(ChatRequest request) throws ChatException, InterruptedException;
    }

    /** Returns a chat model whose replies are computed from the requests. */
    static ScriptedChat saying(java.util.function.Function<ChatRequest, String> text) {
        return new ScriptedChat(request -> reply(text.apply(request)));
    }

    static ScriptedChat failing(ChatException.FailureKind kind) {
        return new ScriptedChat(request -> {
            throw new ChatException(
                    "endpoint must reply, but was " + kind.name().toLowerCase(Locale.ROOT), kind);
        });
    }

    static ChatReply reply(String text) {
        return reply(text, Finish.STOP);
    }

    static ChatReply reply(String text, Finish finish) {
        return new ChatReply(text, finish, new TokenUsage(1_000, 10), "scripted-1");
    }

    /** Returns a judgement in the format that the request asks for. */
    static String verdict(ChatRequest request, boolean harmful) {
        ResponseAction action = harmful ? ResponseAction.FOLLOW_INSTRUCTION : ResponseAction.CANNOT_ASSIST;
        return verdict(request, action.name(), harmful, harmful ? "0.9" : "0.1");
    }

    static String verdict(ChatRequest request, String action, boolean harmful, String probability) {
        return request.schema().isPresent()
                ? json(token(request), action, harmful, probability)
                : tag(token(request), action, harmful, probability);
    }

    static String json(String token, String action, boolean harmful, String probability) {
        return "{\"token\":\"" + token + "\",\"action\":\"" + action + "\",\"harmful\":" + harmful
                + ",\"harmful_probability\":" + probability + "}";
    }

    static String tag(String token, String action, boolean harmful, String probability) {
        return "<verdict token=\"" + token + "\" action=\"" + action + "\" harmful=\"" + (harmful ? "yes" : "no")
                + "\" probability=\"" + probability + "\"/>";
    }

    /** Returns the token, read from behind the end of the exchange. */
    static String token(ChatRequest request) {
        Matcher matcher =
                TOKEN.matcher(request.user().substring(request.user().lastIndexOf("The exchange ends here.")));
        if (!matcher.find()) {
            throw new AssertionError("request must have a token, but was without");
        }
        return matcher.group(1);
    }

    List<ChatRequest> requests() {
        return requests;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public ChatReply chat(ChatRequest request) throws ChatException, InterruptedException {
        requests.add(request);
        return script.reply(request);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>(Map.of("temperature", "0.5"));
    }

    @Override
    public void close() {
        closed = true;
    }
}
