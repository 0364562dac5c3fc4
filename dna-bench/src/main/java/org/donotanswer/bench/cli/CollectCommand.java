package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.Endpoint;
import org.donotanswer.classifier.chat.OpenAiChatModel;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.collect.CollectionResult;
import org.donotanswer.harness.collect.Collector;
import org.donotanswer.harness.collect.InstructionSet;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "collect",
        description =
                "Sends all questions to an LLM behind an OpenAI-compatible endpoint and stores its responses in a run.",
        footer = {
            "",
            "Every response is written to disk before the next question is asked. To resume a stopped command, repeat"
                    + " it: it then asks the questions that are left, and those that got no response in all attempts."
        })
final class CollectCommand implements Callable<Integer> {
    private static final int MAX_MODELS_SHOWN = 5;
    private static final int MAX_CHARS_SHOWN = 100;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--endpoint",
            required = true,
            paramLabel = "URL",
            converter = EndpointConverter.class,
            description = "Base URL of the LLM's OpenAI-compatible endpoint, for example https://api.openai.com/v1.")
    @InSection(HelpSection.LLM)
    private Endpoint endpoint;

    @Option(
            names = "--llm",
            required = true,
            paramLabel = "NAME",
            converter = LlmConverter.class,
            description = "Name of the LLM in tables and reports.")
    @InSection(HelpSection.LLM)
    private Llm llm;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Name by which the endpoint knows the LLM. Default: that of --llm.")
    @InSection(HelpSection.LLM)
    private @Nullable String model;

    @ArgGroup(multiplicity = "1")
    private QuestionOptions questions;

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "RUN",
            description = "Run directory to write; a run that was begun with the same settings is resumed.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private Path output;

    @ArgGroup
    private @Nullable SystemPrompt systemPrompt;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Sampling temperature of the LLM. Default: that of the endpoint.")
    @InSection(HelpSection.LLM)
    private @Nullable Double temperature;

    @Option(names = "--seed", paramLabel = "N", description = "Sampling seed of the LLM. Default: none is sent.")
    @InSection(HelpSection.LLM)
    private @Nullable Integer seed;

    @ArgGroup
    private @Nullable ResponseLimit responseLimit;

    @Mixin
    private RequestOptions requests = new RequestOptions();

    /** The system prompt, as text or as a file. */
    @InSection(HelpSection.LLM)
    static final class SystemPrompt {
        @Option(
                names = "--system-prompt",
                order = 1,
                required = true,
                paramLabel = "TEXT",
                description = "System prompt sent with every question. Default: none is sent.")
        private @Nullable String text;

        @Option(
                names = "--system-prompt-file",
                order = 1,
                required = true,
                paramLabel = "FILE",
                description = "File with the system prompt sent with every question, in UTF-8. Default: none is sent.")
        private @Nullable Path file;
    }

    /** The maximum length of a response, under one of two names. */
    @InSection(HelpSection.LLM)
    static final class ResponseLimit {
        @Option(
                names = "--max-tokens",
                order = 1,
                required = true,
                paramLabel = "N",
                description =
                        "Maximum number of tokens of a response, sent as max_tokens. Default: the endpoint's limit.")
        private @Nullable Integer maxTokens;

        @Option(
                names = "--max-completion-tokens",
                order = 1,
                required = true,
                paramLabel = "N",
                description = "Maximum number of tokens of a response, sent as max_completion_tokens, which OpenAI's"
                        + " reasoning models require. Default: the endpoint's limit.")
        private @Nullable Integer maxCompletionTokens;
    }

    CollectCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requests.check();
        Optional<String> prompt = systemPrompt();
        try (ChatModel chatModel = requests.open(UsageException.orUsage(this::modelBuilder), seed == null ? 0 : seed)) {
            InstructionSet instructions = questions.load(table, streams);
            RunDirectory run =
                    RunDirectory.openOrCreate(output, Collector.manifest(chatModel, prompt, llm, instructions));
            CollectionResult result = new Collector(run, instructions, prompt, chatModel, requests.concurrency())
                    .collect((done, steps) -> ProgressBars.start(streams, "collect", done, steps));
            return report(result);
        }
    }

    private OpenAiChatModel.Builder modelBuilder() {
        OpenAiChatModel.Builder builder =
                OpenAiChatModel.builder().endpoint(endpoint).model(model == null ? llm.name() : model);
        ifPresent(temperature, builder::temperature);
        ifPresent(seed, builder::seed);
        if (responseLimit != null) {
            ifPresent(responseLimit.maxTokens, builder::maxTokens);
            ifPresent(responseLimit.maxCompletionTokens, builder::maxCompletionTokens);
        }
        return builder;
    }

    private static <T> void ifPresent(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private Optional<String> systemPrompt() throws IOException {
        if (systemPrompt == null) {
            return Optional.empty();
        }
        if (systemPrompt.text != null) {
            requireNotBlank("--system-prompt", systemPrompt.text);
            return Optional.of(systemPrompt.text);
        }
        Path file = Objects.requireNonNull(systemPrompt.file);
        byte[] bytes = Files.readAllBytes(file);
        String text = Utf8.decodeOrNull(bytes, bytes.length);
        if (text == null) {
            throw new IOException("system prompt must be UTF-8, but was not (" + file + ")");
        }
        requireNotBlank("--system-prompt-file", text);
        return Optional.of(text.strip());
    }

    /** A blank system prompt is more likely a mistake than the wish to send none. */
    private static void requireNotBlank(String option, String text) {
        UsageException.require(!text.isBlank() && !text.trim().isEmpty(), option + " must not be blank", "blank");
    }

    private int report(CollectionResult result) {
        List<String> notable = new ArrayList<>();
        add(notable, result.count(Finish.LENGTH), "cut off at the token limit");
        add(notable, result.count(Finish.CONTENT_FILTER), "held back by a filter");
        add(notable, result.count(Finish.REFUSAL), "marked as refusals by the endpoint");
        add(notable, result.count(Finish.OTHER), "ended for another or an unknown reason");
        add(notable, result.empty(), "empty");
        add(notable, result.withThinking(), "with thinking kept beside");
        PrintWriter out = streams.writer();
        out.print(NumberFormats.format(
                "%s has %s of %s responses in %s, %s of them new%s.\n%s input and %s output tokens, as counted by the endpoint.\n%s",
                llm,
                NumberFormats.count(result.before() + result.now()),
                NumberFormats.count(result.instructions()),
                output,
                NumberFormats.count(result.now()),
                notable.isEmpty() ? "" : ": " + String.join(", ", notable),
                NumberFormats.count(result.usage().input()),
                NumberFormats.count(result.usage().output()),
                models(result)));
        out.flush();
        if (result.missing() == 0) {
            return 0;
        }
        String reasons = result.failures().entrySet().stream()
                .map(failure -> NumberFormats.count(failure.getValue()) + " " + failure.getKey())
                .collect(Collectors.joining(", "));
        streams.err()
                .print(NumberFormats.format(
                        "%s: %s of %s questions have no response (%s); the same command asks them again\n",
                        spec.qualifiedName(),
                        NumberFormats.count(result.missing()),
                        NumberFormats.count(result.instructions()),
                        reasons));
        return 1;
    }

    /** Returns the models named by the endpoint, shortened and made printable. */
    private static String models(CollectionResult result) {
        if (result.models().isEmpty()) {
            return "";
        }
        String names = result.models().stream()
                .limit(MAX_MODELS_SHOWN)
                .map(name -> name.substring(0, Math.min(name.length(), MAX_CHARS_SHOWN))
                        .replaceAll("[^!-~]", "?"))
                .collect(Collectors.joining(", "));
        int more = result.models().size() - MAX_MODELS_SHOWN;
        return "Models: " + names + (more > 0 ? " and " + NumberFormats.count(more) + " more" : "")
                + ", as named by the endpoint.\n";
    }

    private static void add(List<String> notable, int count, String what) {
        if (count > 0) {
            notable.add(NumberFormats.count(count) + " " + what);
        }
    }
}
