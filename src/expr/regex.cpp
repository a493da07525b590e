#include "expr/regex.hpp"

#include <unicode/regex.h>

#include <memory>

namespace qipan::expr {

namespace {

constexpr int32_t match_time_max = 200;  // ICU's unit is a number of steps, about a millisecond each
constexpr int32_t stack_bytes_max = 1 << 20;

struct Flags {
  uint32_t icu = 0;
  bool quoted = false;
  PatternModes modes;
};

Result<Flags> flags_of(std::string_view text) {
  Flags flags;
  for (const char c : text) {
    if (c == 's') {
      flags.icu |= UREGEX_DOTALL;
      flags.modes.dot_all = true;
    } else if (c == 'm') {
      flags.icu |= UREGEX_MULTILINE;
      flags.modes.multi_line = true;
    } else if (c == 'i') {
      flags.icu |= UREGEX_CASE_INSENSITIVE;
    } else if (c == 'x') {
      flags.modes.spaced = true;
    } else if (c == 'q') {
      flags.quoted = true;
    } else {
      return invalid("regex-flags", "flags", text, "letters of s, m, i, x and q");
    }
  }
  return flags;
}

std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\|.?*+(){}-[]^$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

icu::UnicodeString subject_of_text(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string text_of_subject(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

/// The compiled pattern over its input, which it keeps.
struct Prepared {
  icu::UnicodeString input;
  std::unique_ptr<icu::RegexMatcher> matcher;
  bool quoted = false;
};

/// Called by ICU every so many steps: what a pattern costs is paid from the evaluation's own budget.
UBool U_CALLCONV charge_match(const void* machine, int32_t) {
  constexpr std::int64_t steps_a_call = 10'000;
  return static_cast<UBool>(static_cast<Machine*>(const_cast<void*>(machine))->charge(steps_a_call));
}

Result<std::unique_ptr<Prepared>> prepared(Machine& machine, std::string_view input, std::string_view pattern,
                                           std::string_view flag_letters) {
  constexpr std::size_t bytes_a_step = 16;
  if (!machine.charge(static_cast<std::int64_t>(1 + (input.size() + pattern.size()) / bytes_a_step),
                      static_cast<std::int64_t>(input.size())))
    return invalid("regex-effort", "pattern", "", "a pattern within the evaluation's budget");
  if (pattern.size() > pattern_bytes_max) return invalid("regex-long", "pattern", "", "at most 1,000 bytes");
  if (input.size() > subject_bytes_max) return invalid("regex-long", "input", "", "at most 100,000 bytes");
  QIPAN_TRY(flags, flags_of(flag_letters));
  if (flags.quoted) flags.modes.spaced = false;
  QIPAN_TRY(translated,
            translated_pattern(flags.quoted ? quoted(pattern) : std::string(pattern), flags.modes));
  auto made = std::make_unique<Prepared>();
  made->quoted = flags.quoted;
  made->input = subject_of_text(input);
  UErrorCode status = U_ZERO_ERROR;
  made->matcher =
      std::make_unique<icu::RegexMatcher>(subject_of_text(translated), flags.icu | UREGEX_UNIX_LINES, status);
  if (U_FAILURE(status) != 0)
    return invalid("regex-syntax", "pattern", pattern,
                   std::string("a pattern of XPath: ") + u_errorName(status));
  made->matcher->setMatchCallback(charge_match, &machine, status);
  made->matcher->setTimeLimit(match_time_max, status);
  made->matcher->setStackLimit(stack_bytes_max, status);
  made->matcher->reset(made->input);
  return made;
}

tl::unexpected<Problem> too_long(UErrorCode status) {
  return invalid("regex-effort", "pattern", u_errorName(status), "a pattern that needs fewer steps");
}

}  // namespace

Result<bool> matches(Machine& machine, std::string_view input, std::string_view pattern,
                     std::string_view flags) {
  QIPAN_TRY(regex, prepared(machine, input, pattern, flags));
  UErrorCode status = U_ZERO_ERROR;
  const bool found = regex->matcher->find(0, status) != 0;
  if (U_FAILURE(status) != 0) return too_long(status);
  return found;
}

Result<std::string> replaced(Machine& machine, std::string_view input, std::string_view pattern,
                             std::string_view replacement, std::string_view flags) {
  QIPAN_TRY(regex, prepared(machine, input, pattern, flags));
  icu::RegexMatcher& matcher = *regex->matcher;
  UErrorCode status = U_ZERO_ERROR;
  std::string out;
  int32_t after = 0;
  constexpr std::size_t result_bytes_max = 1'000'000;
  while (matcher.find(status) != 0 && U_FAILURE(status) == 0) {
    if (matcher.start(status) == matcher.end(status))
      return invalid("regex-empty", "pattern", pattern, "a pattern that matches no empty text");
    out += text_of_subject(regex->input.tempSubStringBetween(after, matcher.start(status)));
    after = matcher.end(status);
    for (std::size_t i = 0; i < replacement.size(); ++i) {
      const char c = replacement[i];
      const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
      if (regex->quoted || (c != '\\' && c != '$')) {
        out += c;
      } else if (c == '\\' && (next == '\\' || next == '$')) {
        out += next;
        ++i;
      } else if (c == '$' && next >= '0' && next <= '9') {
        int32_t group = next - '0';
        ++i;
        while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9' &&
               group * 10 + (replacement[i + 1] - '0') <= matcher.groupCount())
          group = group * 10 + (replacement[++i] - '0');
        if (group <= matcher.groupCount()) out += text_of_subject(matcher.group(group, status));
        status = U_ZERO_ERROR;
      } else {
        return invalid("regex-replacement", "replacement", replacement, "\\\\, \\$ or $ with a number");
      }
    }
    if (out.size() > result_bytes_max)
      return invalid("regex-long", "replacement", "", "at most 1 MB of result");
  }
  if (U_FAILURE(status) != 0) return too_long(status);
  out += text_of_subject(regex->input.tempSubStringBetween(after));
  return out;
}

Result<std::vector<std::string>> split(Machine& machine, std::string_view input, std::string_view pattern) {
  QIPAN_TRY(regex, prepared(machine, input, pattern, ""));
  icu::RegexMatcher& matcher = *regex->matcher;
  UErrorCode status = U_ZERO_ERROR;
  std::vector<std::string> parts;
  int32_t after = 0;
  while (matcher.find(status) != 0 && U_FAILURE(status) == 0) {
    if (matcher.start(status) == matcher.end(status))
      return invalid("regex-empty", "delimiter", pattern, "a pattern that matches no empty text");
    parts.push_back(text_of_subject(regex->input.tempSubStringBetween(after, matcher.start(status))));
    after = matcher.end(status);
  }
  if (U_FAILURE(status) != 0) return too_long(status);
  parts.push_back(text_of_subject(regex->input.tempSubStringBetween(after)));
  return parts;
}

}  // namespace qipan::expr
