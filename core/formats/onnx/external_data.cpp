// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/external_data.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/model/model.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qs::onnx {
namespace {

constexpr std::size_t kMaxLocationBytes = 4096; // PATH_MAX of Linux
constexpr std::size_t kMaxDigits = 19;          // of a number below 2^63

/// Closes a descriptor of a folder.
class Folder
{
public:
    explicit Folder(int descriptor)
        : m_descriptor(descriptor)
    {}
    ~Folder()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Folder(const Folder &) = delete;
    Folder &operator=(const Folder &) = delete;

    int descriptor() const { return m_descriptor; }
    void moveTo(int descriptor)
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        m_descriptor = descriptor;
    }

private:
    int m_descriptor;
};

std::unexpected<Error> refused(std::string_view location, const Text &why)
{
    return fail(ErrorCode::Input, Text::of("the location {} of external data {}", inQuotes(location), why));
}

std::unexpected<Error> openError(std::string_view name, int code)
{
    if (code == ELOOP || code == ENOTDIR)
        return refused(name,
                       Text::of("is or goes through a link or something that is no folder, which is not followed"));
    if (code == ENOENT)
        return refused(name, Text::of("does not exist beside the model"));
    return refused(name, Text::of("cannot be opened: {}", std::generic_category().message(code)));
}

} // namespace

Result<std::vector<std::string>> locationParts(std::string_view location)
{
    if (location.empty())
        return refused(location, Text::of("is empty"));
    if (location.size() > kMaxLocationBytes)
        return refused(location, Text::of("has {} bytes, the limit is {}", location.size(), kMaxLocationBytes));
    if (location.find('\0') != std::string_view::npos)
        return refused(location, Text::of("holds a zero byte"));
    if (location.find('\\') != std::string_view::npos)
        return refused(location, Text::of("holds a backslash"));
    if (location.front() == '/')
        return refused(location, Text::of("is absolute, a path below the model's folder was expected"));
    if (location.find(':') != std::string_view::npos && location.find(':') < location.find('/'))
        return refused(location, Text::of("is a URL or names a drive, a path below the model's folder was expected"));
    std::vector<std::string> parts;
    for (std::string_view rest = location; !rest.empty();) {
        const std::string_view part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        if (part == "..")
            return refused(location, Text::of("goes up with '..'"));
        if (!part.empty() && part != ".")
            parts.emplace_back(part);
    }
    if (parts.empty() || location.ends_with('/'))
        return refused(location, Text::of("names no file"));
    return parts;
}

Result<std::shared_ptr<const InputFile>> openBelow(const std::filesystem::path &folder,
                                                   const std::vector<std::string> &parts, std::uint64_t &hardLinks)
{
    Folder current(::open(folder.empty() ? "." : folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (current.descriptor() < 0)
        return openError(folder.native(), errno);
    std::filesystem::path path = folder;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        path /= parts[i];
        const int next =
            ::openat(current.descriptor(), parts[i].c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0)
            return openError(path.native(), errno);
        current.moveTo(next);
    }
    path /= parts.back();
    // Not blocking: opening a pipe must not wait for its other end.
    const int file =
        ::openat(current.descriptor(), parts.back().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return openError(path.native(), errno);
    struct stat status = {};
    if (::fstat(file, &status) == 0)
        hardLinks = status.st_nlink;
    return InputFile::adopt(file, path);
}

Result<std::size_t> ExternalFiles::open(std::string_view location)
{
    QS_ASSIGN(const std::vector<std::string> parts, locationParts(location));
    if (!m_file.isSameFile(m_file.path()))
        return fail(ErrorCode::Input,
                    Text::of("the model is no file on disk, so there is no folder for external data"));
    const auto known = m_known.find(parts);
    if (known != m_known.end())
        return known->second;
    std::uint64_t hardLinks = 1;
    QS_ASSIGN(std::shared_ptr<const InputFile> file, openBelow(m_file.path().parent_path(), parts, hardLinks));
    if (hardLinks > 1)
        m_source.notes.add(Text::constant("a file with external data has more than one name"), location);
    if (location.find("./") == 0)
        m_source.notes.add(Text::constant("a location of external data starts with './'"), location);
    m_known.emplace(parts, m_model.files.size());
    m_model.files.push_back(std::move(file));
    return m_model.files.size() - 1;
}

Result<std::uint64_t> strictDecimal(std::string_view text)
{
    std::uint64_t value = 0;
    bool valid = !text.empty() && text.size() <= kMaxDigits;
    for (char c : text) {
        valid = valid && c >= '0' && c <= '9';
        value = valid ? value * 10 + static_cast<std::uint64_t>(c - '0') : 0;
    }
    if (!valid)
        return fail(ErrorCode::Input,
                    Text::of("{} is no decimal number of at most {} digits", inQuotes(text), kMaxDigits));
    return value;
}

} // namespace qs::onnx
