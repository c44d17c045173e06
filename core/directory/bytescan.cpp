// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/bytescan.h"

#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace portreeve {

std::size_t findBytesPortable(std::string_view text, std::string_view needle)
{
    return text.find(needle);
}

#ifdef __SSE2__

std::size_t findBytes(std::string_view text, std::string_view needle)
{
    constexpr std::size_t kStep = sizeof(__m128i);
    const std::size_t lastOffset = needle.size() - 1;
    const __m128i first = _mm_set1_epi8(needle.front());
    const __m128i last = _mm_set1_epi8(needle.back());
    const auto load = [&](std::size_t position) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + position));
    };

    std::size_t position = 0;
    for (; position + lastOffset + kStep <= text.size(); position += kStep) {
        const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(load(position), first),
            _mm_cmpeq_epi8(load(position + lastOffset), last));
        for (auto hits = static_cast<unsigned>(_mm_movemask_epi8(both)); hits != 0;
            hits &= hits - 1) {
            const std::size_t hit = position + static_cast<std::size_t>(std::countr_zero(hits));
            if (std::memcmp(text.data() + hit, needle.data(), needle.size()) == 0) {
                return hit;
            }
        }
    }
    const std::size_t rest = findBytesPortable(text.substr(position), needle);
    return rest == std::string_view::npos ? rest : position + rest;
}

#else

std::size_t findBytes(std::string_view text, std::string_view needle)
{
    return findBytesPortable(text, needle);
}

#endif

} // namespace portreeve
