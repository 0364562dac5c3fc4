import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.guard.SafetyGuard;

/** Exchanges of a file whose identifiers are given. Prints those that the default guard blocks. */
final class ResponsesWithoutWords {
    public static void main(String[] args) throws Exception {
        List<String> ids = List.of(args).subList(1, args.length);
        int seen = 0;
        StringBuilder blocked = new StringBuilder();
        try (SafetyGuard guard = SafetyGuard.create()) {
            for (String line : Files.readAllLines(Path.of(args[0]))) {
                JsonNode exchange = new ObjectMapper().readTree(line);
                String id = exchange.get("id").textValue();
                if (ids.contains(id)) {
                    seen++;
                    if (!guard.check(
                                    exchange.get("instruction").textValue(),
                                    exchange.get("response").textValue())
                            .released()) {
                        blocked.append(' ').append(id);
                    }
                }
            }
        }
        System.out.println(seen + " responses, blocked:" + (blocked.isEmpty() ? " none" : blocked));
    }
}
