package org.donotanswer.bench.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Says what is wrong with arguments that picocli rejects. For groups of options, picocli's own messages may quote values,
 * and do not say which option needs the missing one. Stateless, hence thread-safe.
 */
final class UsageMessages {
    private static final String ERROR_PREFIX = "Error: ";

    private UsageMessages() {}

    static String of(CommandLine.ParameterException failure, String[] args) {
        List<OptionSpec> given = Arrays.stream(args)
                .map(arg -> failure.getCommandLine().getCommandSpec().findOption(arg.split("=", 2)[0]))
                .filter(Objects::nonNull)
                .toList();
        Optional<String> message = Optional.empty();
        if (failure instanceof CommandLine.MaxValuesExceededException) {
            message = ofRepeated(given);
        } else if (failure instanceof CommandLine.MutuallyExclusiveArgsException) {
            message = ofExclusive(given);
        } else if (failure instanceof CommandLine.MissingParameterException missing) {
            message = missing.getMissing().stream()
                    .filter(arg -> arg.group() != null)
                    .findFirst()
                    .flatMap(arg -> ofMissing(arg.group(), given));
        }
        return message.orElseGet(() -> ofPicocli(failure));
    }

    private static Optional<String> ofRepeated(List<OptionSpec> given) {
        Set<OptionSpec> seen = new HashSet<>();
        return given.stream()
                .filter(option -> !option.isMultiValue() && !seen.add(option))
                .map(option -> "option '" + option.longestName() + "' should be specified only once")
                .findFirst();
    }

    @SuppressWarnings("ReferenceEquality") // two groups may have equal options
    private static Optional<String> ofExclusive(List<OptionSpec> given) {
        for (OptionSpec option : given) {
            ArgGroupSpec group = option.group();
            if (group != null && group.exclusive()) {
                long count = given.stream()
                        .filter(other -> other.group() == group)
                        .distinct()
                        .count();
                if (count > 1) {
                    return Optional.of("one of " + names(group.args()) + (isRequired(group) ? " must" : " may")
                            + " be given, but was " + (count == 2 ? "both" : "more"));
                }
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("ReferenceEquality") // two groups may have equal options
    private static Optional<String> ofMissing(ArgGroupSpec group, List<OptionSpec> given) {
        if (group.exclusive()) {
            return Optional.of("one of " + names(group.args()) + " must be given, but was "
                    + (group.args().size() == 2 ? "neither" : "none"));
        }
        List<ArgSpec> missing = group.args().stream()
                .filter(arg -> arg.required() && !given.contains(arg))
                .toList();
        return given.stream()
                .filter(option -> option.group() == group)
                .map(option -> option.longestName() + " must go with " + names(missing) + ", but was without")
                .findFirst();
    }

    private static boolean isRequired(ArgGroupSpec group) {
        return group.multiplicity().min() > 0;
    }

    private static String names(Collection<? extends ArgSpec> args) {
        return args.stream()
                .map(arg -> arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel())
                .collect(Collectors.joining(" and "));
    }

    private static String ofPicocli(CommandLine.ParameterException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith(ERROR_PREFIX) ? message.substring(ERROR_PREFIX.length()) : message;
    }
}
