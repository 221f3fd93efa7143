// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/pickle_opcodes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace qs::pickle {
namespace {

struct Opcode {
    std::uint8_t code;
    std::string_view name;
};

// All of protocols 0 to 5, also those that are refused.
constexpr std::array kOpcodes{
    Opcode{0x28, "MARK"},         Opcode{0x29, "EMPTY_TUPLE"},
    Opcode{0x2E, "STOP"},         Opcode{0x30, "POP"},
    Opcode{0x31, "POP_MARK"},     Opcode{0x32, "DUP"},
    Opcode{0x42, "BINBYTES"},     Opcode{0x43, "SHORT_BINBYTES"},
    Opcode{0x46, "FLOAT"},        Opcode{0x47, "BINFLOAT"},
    Opcode{0x49, "INT"},          Opcode{0x4A, "BININT"},
    Opcode{0x4B, "BININT1"},      Opcode{0x4C, "LONG"},
    Opcode{0x4D, "BININT2"},      Opcode{0x4E, "NONE"},
    Opcode{0x50, "PERSID"},       Opcode{0x51, "BINPERSID"},
    Opcode{0x52, "REDUCE"},       Opcode{0x53, "STRING"},
    Opcode{0x54, "BINSTRING"},    Opcode{0x55, "SHORT_BINSTRING"},
    Opcode{0x56, "UNICODE"},      Opcode{0x58, "BINUNICODE"},
    Opcode{0x5D, "EMPTY_LIST"},   Opcode{0x61, "APPEND"},
    Opcode{0x62, "BUILD"},        Opcode{0x63, "GLOBAL"},
    Opcode{0x64, "DICT"},         Opcode{0x65, "APPENDS"},
    Opcode{0x67, "GET"},          Opcode{0x68, "BINGET"},
    Opcode{0x69, "INST"},         Opcode{0x6A, "LONG_BINGET"},
    Opcode{0x6C, "LIST"},         Opcode{0x6F, "OBJ"},
    Opcode{0x70, "PUT"},          Opcode{0x71, "BINPUT"},
    Opcode{0x72, "LONG_BINPUT"},  Opcode{0x73, "SETITEM"},
    Opcode{0x74, "TUPLE"},        Opcode{0x75, "SETITEMS"},
    Opcode{0x7D, "EMPTY_DICT"},   Opcode{0x80, "PROTO"},
    Opcode{0x81, "NEWOBJ"},       Opcode{0x82, "EXT1"},
    Opcode{0x83, "EXT2"},         Opcode{0x84, "EXT4"},
    Opcode{0x85, "TUPLE1"},       Opcode{0x86, "TUPLE2"},
    Opcode{0x87, "TUPLE3"},       Opcode{0x88, "NEWTRUE"},
    Opcode{0x89, "NEWFALSE"},     Opcode{0x8A, "LONG1"},
    Opcode{0x8B, "LONG4"},        Opcode{0x8C, "SHORT_BINUNICODE"},
    Opcode{0x8D, "BINUNICODE8"},  Opcode{0x8E, "BINBYTES8"},
    Opcode{0x8F, "EMPTY_SET"},    Opcode{0x90, "ADDITEMS"},
    Opcode{0x91, "FROZENSET"},    Opcode{0x92, "NEWOBJ_EX"},
    Opcode{0x93, "STACK_GLOBAL"}, Opcode{0x94, "MEMOIZE"},
    Opcode{0x95, "FRAME"},        Opcode{0x96, "BYTEARRAY8"},
    Opcode{0x97, "NEXT_BUFFER"},  Opcode{0x98, "READONLY_BUFFER"},
};

} // namespace

std::string opcodeName(std::uint8_t opcode)
{
    const auto found = std::ranges::find(kOpcodes, opcode, &Opcode::code);
    return found == kOpcodes.end() ? fmt::format("0x{:02X}", opcode)
                                   : fmt::format("{} (0x{:02X})", found->name, opcode);
}

} // namespace qs::pickle
