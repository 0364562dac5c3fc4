import java.util.List;
import org.donotanswer.guard.policy.SafetyPolicy;

/** Policies with numbers and depths that nobody means. Prints the exceptions. */
final class AbsurdPolicies {
    public static void main(String[] args) {
        for (String policy : List.of(
                "{\"default\":{\"block\":" + "1".repeat(1000) + "}}",
                "{\"default\":{\"block\":" + "1".repeat(1001) + "}}",
                "{\"default\":{\"block\":1e999999999}}",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000))) {
            try {
                SafetyPolicy.parse(policy);
                System.out.println("read");
            } catch (RuntimeException | Error e) {
                System.out.println(e.getClass().getSimpleName());
            }
        }
    }
}
