package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.Endpoint;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.collect.ChatSettings;
import org.donotanswer.harness.collect.CollectionResult;
import org.donotanswer.harness.collect.Collector;
import org.donotanswer.harness.collect.InstructionSet;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "collect",
        description = "Asks an LLM behind an OpenAI-compatible endpoint all questions, and keeps its answers.",
        footer = {
            "",
            "Every answer is on the disk before the next question is asked: stop the command however you like, and give it"
                    + " again to go on. Questions that stay without an answer, after all attempts, are asked again then."
        })
final class CollectCommand implements Callable<Integer> {
    private static final int MOST_MODELS_SHOWN = 5;
    private static final int MOST_CHARS_SHOWN = 100;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--endpoint",
            required = true,
            paramLabel = "URL",
            converter = EndpointConverter.class,
            description = "Base address, such as https://api.openai.com/v1.")
    private Endpoint endpoint;

    @Option(
            names = "--llm",
            required = true,
            paramLabel = "NAME",
            converter = LlmConverter.class,
            description = "What the LLM is called in tables.")
    private Llm llm;

    @Option(names = "--model", paramLabel = "M", description = "What the endpoint calls it; by default the same.")
    private @Nullable String model;

    @Mixin
    private QuestionOptions questions;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "RUN",
            description = "Directory of the run; one that was begun with the same settings goes on.")
    private Path output;

    @Option(names = "--system-prompt", paramLabel = "TEXT", description = "Default: none.")
    private @Nullable String systemPrompt;

    @Option(names = "--system-prompt-file", paramLabel = "FILE", description = "The same, from a file.")
    private @Nullable Path systemPromptFile;

    @Option(names = "--temperature", paramLabel = "T", description = "Default: the endpoint's.")
    private @Nullable Double temperature;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the model's choices. Default: none.")
    private @Nullable Integer seed;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Of an answer. Default: the endpoint's limit.")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--max-completion-tokens",
            paramLabel = "N",
            description = "The same, by the name that OpenAI's reasoning models want.")
    private @Nullable Integer maxCompletionTokens;

    @Mixin
    private RequestOptions requests;

    CollectCommand(Streams streams) {
        requests = new RequestOptions();
        questions = new QuestionOptions();
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkUsage();
        ChatSettings settings = settings();
        try (ChatModel chatbot = chatbot(settings)) {
            InstructionSet instructions = questions.load(spec);
            RunDirectory run = RunDirectory.openOrCreate(output, settings.manifest(llm, instructions));
            CollectionResult result = new Collector(run, instructions, settings, chatbot, requests.concurrency())
                    .collect((done, steps) -> ProgressBars.start(streams, "collect", done, steps));
            return report(result);
        }
    }

    private void checkUsage() {
        try {
            requests.check();
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        require(
                systemPrompt == null || systemPromptFile == null,
                "one of --system-prompt and --system-prompt-file may be given",
                "both");
        require(
                maxTokens == null || maxCompletionTokens == null,
                "one of --max-tokens and --max-completion-tokens may be given",
                "both");
    }

    private void require(boolean condition, String requirement, Object found) {
        if (!condition) {
            throw usage(requirement + ", but was " + found);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private ChatSettings settings() throws IOException {
        return new ChatSettings(
                endpoint,
                model == null ? llm.name() : model,
                systemPrompt(),
                temperature == null ? OptionalDouble.empty() : OptionalDouble.of(temperature),
                seed == null ? OptionalInt.empty() : OptionalInt.of(seed),
                maxTokens == null ? OptionalInt.empty() : OptionalInt.of(maxTokens),
                maxCompletionTokens == null ? OptionalInt.empty() : OptionalInt.of(maxCompletionTokens));
    }

    private Optional<String> systemPrompt() throws IOException {
        if (systemPromptFile == null) {
            require(systemPrompt == null || !isBlank(systemPrompt), "--system-prompt must not be blank", "blank");
            return Optional.ofNullable(systemPrompt);
        }
        byte[] bytes = Files.readAllBytes(systemPromptFile);
        String text = Utf8.decodeOrNull(bytes, bytes.length);
        if (text == null) {
            throw new IOException("system prompt must be UTF-8, but was not (" + systemPromptFile + ")");
        }
        require(!isBlank(text), "--system-prompt-file must not be blank", "blank");
        return Optional.of(text.strip());
    }

    /** Without a system prompt, none is sent: a blank one is more likely a mistake. */
    private static boolean isBlank(String text) {
        return text.isBlank() || text.trim().isEmpty();
    }

    private ChatModel chatbot(ChatSettings settings) {
        try {
            return requests.open(settings.toModel(), seed == null ? 0 : seed);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private int report(CollectionResult result) {
        List<String> notable = new ArrayList<>();
        add(notable, result.count(Finish.LENGTH), "cut off at the limit of tokens");
        add(notable, result.count(Finish.CONTENT_FILTER), "held back by a filter");
        add(notable, result.count(Finish.REFUSAL), "marked as refusals by the endpoint");
        add(notable, result.count(Finish.OTHER), "ended for another reason or none given");
        add(notable, result.empty(), "empty");
        PrintWriter out = streams.writer();
        out.print(NumberFormats.format(
                "%s has %s of %s answers in %s, %s of them new%s.\n%s tokens in, %s out, as the endpoint counts.\n%s",
                llm,
                NumberFormats.count(result.before() + result.now()),
                NumberFormats.count(result.instructions()),
                output,
                NumberFormats.count(result.now()),
                notable.isEmpty() ? "" : ": " + String.join(", ", notable),
                NumberFormats.count(result.usage().input()),
                NumberFormats.count(result.usage().output()),
                answerers(result)));
        out.flush();
        if (result.missing() == 0) {
            return 0;
        }
        String reasons = result.failures().entrySet().stream()
                .map(failure -> NumberFormats.count(failure.getValue()) + " " + failure.getKey())
                .collect(Collectors.joining(", "));
        streams.err()
                .print(NumberFormats.format(
                        "%s: %s of %s questions are without an answer (%s); the same command asks them again\n",
                        spec.qualifiedName(),
                        NumberFormats.count(result.missing()),
                        NumberFormats.count(result.instructions()),
                        reasons));
        return 1;
    }

    /** Returns who answered, as the endpoint says; what it says may be anything. */
    private static String answerers(CollectionResult result) {
        if (result.models().isEmpty()) {
            return "";
        }
        String names = result.models().stream()
                .limit(MOST_MODELS_SHOWN)
                .map(name -> name.substring(0, Math.min(name.length(), MOST_CHARS_SHOWN))
                        .replaceAll("[^!-~]", "?"))
                .collect(Collectors.joining(", "));
        int more = result.models().size() - MOST_MODELS_SHOWN;
        return "Answered by " + names + (more > 0 ? " and " + NumberFormats.count(more) + " more" : "")
                + ", as the endpoint says.\n";
    }

    private static void add(List<String> notable, int count, String what) {
        if (count > 0) {
            notable.add(NumberFormats.count(count) + " " + what);
        }
    }
}
